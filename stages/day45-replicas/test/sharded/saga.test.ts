import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually, inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sagaRecoverer } from 'stage-4/sharded';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { crashable } from './crashes.ts';
import { logger, type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const CHILD = fileURLToPath(new URL('./killed-follow.ts', import.meta.url));
const NOBODY = '9223372036854775807';
/** Queries of one follow at most, with those that begin and commit. */
const MOST_QUERIES = 40;
const AT_ONCE = 4;

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;
let ids: string[];

beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
  ids = await Promise.all(Array.from({ length: MOST_QUERIES + 2 }, () => newMember(rig)));
}, 180_000);
afterAll(() => rig?.close());

/** Who follows whom by the one side, by the other, and the sagas that have not ended. */
async function books(of: readonly string[]) {
  const all = async (sql: string) =>
    (await Promise.all([1, 2, 3].map((n) => shards.query<{ pair: string }>(n, sql, [of]))))
      .flat()
      .map(({ pair }) => pair)
      .sort();
  return {
    follows: await all(`SELECT follower_id || ' ' || followee_id AS pair FROM follows WHERE follower_id = ANY($1)`),
    followers: await all(`SELECT follower_id || ' ' || followee_id AS pair FROM followers WHERE follower_id = ANY($1)`),
    begun: await all(
      `SELECT follower_id || ' ' || followee_id AS pair FROM follow_sagas WHERE follower_id = ANY($1) AND state = 'begun'`,
    ),
  };
}

/** @returns Whether it was killed. */
async function killedBefore(query: number, follower: string, followee: string): Promise<boolean> {
  const env = { ...process.env, SHARD_URLS: shards.urls('app').join(), KILL_BEFORE: String(query) };
  const child = spawn(process.execPath, [CHILD], {
    env: { ...env, FOLLOWER: follower, FOLLOWEE: followee },
    stdio: 'ignore',
  });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the child ended with ${code ?? signal}`);
  return signal === 'SIGKILL';
}

describe('a follow that is killed', () => {
  it.each(['somebody', 'nobody'])(
    'between any two of its queries ends whole or undone, when it was of %s',
    async (whom) => {
      const followee = whom === 'nobody' ? NOBODY : await memberOnShard2();
      const killed: boolean[] = [];
      for (let first = 1; first <= MOST_QUERIES && killed.at(-1) !== false; first += AT_ONCE) {
        const some = Array.from({ length: AT_ONCE }, (_, i) => first + i);
        killed.push(...(await Promise.all(some.map((query) => killedBefore(query, ids[query] as string, followee)))));
      }
      expect(killed.filter(Boolean).length).toBeGreaterThan(8);
      expect(killed.at(-1)).toBe(false); // the last one came to its end: there was no query left to be killed before
      const left = await books(ids);
      expect(left.begun.length).toBeGreaterThan(0);
      const recoverer = sagaRecoverer(rig.set, rig.saga, logger);
      await eventually(
        () => books(ids),
        ({ begun }) => begun.length === 0,
        15_000,
      );
      await recoverer.close();
      const found = await books(ids); // anew: those above were read one after the other, while the last sagas ended
      expect(found.followers).toEqual(found.follows);
      expect(found.follows.some((pair) => pair.endsWith(NOBODY))).toBe(false);
      if (whom === 'somebody') expect(found.follows.length).toBeGreaterThan(left.followers.length);
    },
    90_000,
  );
});

describe('follows at once', () => {
  const follow = fc.record({
    follower: fc.integer({ min: 0, max: 3 }),
    followee: fc.integer({ min: 0, max: 4 }), // the last one is nobody
    crash: fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined }),
  });

  it('are each whole or undone, however they meet, crash, and are finished by several at once', async () => {
    const crashes = crashable();
    await fc.assert(
      fc.asyncProperty(fc.array(follow, { minLength: 1, maxLength: 8 }), async (story) => {
        const members = await Promise.all(Array.from({ length: 4 }, () => newMember(rig)));
        const name = (number: number) => members[number] ?? NOBODY;
        const pairs = story.map((one) => ({ ...one, follower: name(one.follower), followee: name(one.followee) }));
        const outcomes = await Promise.all(
          pairs.map(({ follower, followee, crash }) =>
            crashes
              .within(crash, () => inRequest(rig, () => rig.users.follow(follower, followee)))
              .catch(() => 'crashed' as const),
          ),
        );
        const { begun } = await books(members);
        const left = begun.map((pair) => pair.split(' ') as [string, string]);
        const finish = () =>
          Promise.all(
            left.map(([follower, followee]) => inRequest(rig, () => rig.saga.finish({ follower, followee }))),
          );
        await Promise.all([finish(), finish()]);
        const end = await books(members);
        expect(end.begun).toEqual([]);
        expect(end.followers).toEqual(end.follows);
        for (const [i, { follower, followee }] of pairs.entries()) {
          const there = end.follows.includes(`${follower} ${followee}`);
          if (outcomes[i] !== 'crashed') expect(there).toBe(outcomes[i]);
          if (followee === NOBODY) expect(there).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
    crashes.restore();
  }, 180_000);
});

/** Most of those who follow them are on another shard. */
async function memberOnShard2(): Promise<string> {
  const { shardOf } = await rig.set.map();
  for (;;) {
    const id = await newMember(rig);
    if (shardOf[bucketOf(id)] === 2) return id;
  }
}
