import { setTimeout as sleep } from 'node:timers/promises';
import { type Post, transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Step } from '../../src/sharded/reshard/move-bucket.ts';
import { reshard } from '../../src/sharded/reshard/reshard.ts';
import { hiddenRows, owners } from './row-books.ts';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const MEMBERS = 24;
/** A quarter of those there are; the claim `reshard` does all of them, in processes of their own. */
const MOVES = 64;
/** Between two turns of a life: all of them, and whoever moves the buckets, share one event loop. */
const PAUSE_MS = 100;
const starting = shardsOfThisFile();
let shards: Shards;
let rigs: ReturnType<typeof shardedRig>[];

beforeAll(async () => {
  shards = await starting();
  await shards.grow();
  // Two processes of the app, each with a map of its own. They know the address of a fourth shard from the start.
  rigs = [shardedRig(shards.urls('app')), shardedRig(shards.urls('app'))];
}, 180_000);
afterAll(() => Promise.all((rigs ?? []).map((rig) => rig.close())));

/** One member, as they believe themselves to be: what was acknowledged, and no more. */
class Life {
  readonly posts = new Map<string, string>();
  readonly failures: string[] = [];
  readonly views = new Map<string, number>();
  reads = 0;
  writes = 0;
  longestWriteMs = 0;
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
  }

  async live(until: () => boolean, others: readonly string[]): Promise<void> {
    for (let turn = 0; !until(); turn += 1) {
      const rig = rigs[turn % rigs.length] as (typeof rigs)[number];
      await inRequest(rig, () => this.#turn(rig, turn, others)).catch((error: Error) =>
        this.failures.push(error.message),
      );
      await sleep(PAUSE_MS);
    }
  }

  async #turn(rig: (typeof rigs)[number], turn: number, others: readonly string[]): Promise<void> {
    const title = `turn ${turn}`;
    const [known] = [...this.posts.keys()].slice(-1);
    if (turn % 5 === 0)
      await this.#write(async () => {
        const { value } = await transaction(() => rig.posts.create(this.#id, { title, body: 'body' }));
        this.posts.set(value.id, title);
      });
    else if (turn % 5 === 1 && known)
      await this.#write(async () => {
        const changed = await transaction(() => rig.posts.update(known, this.#id, { title }));
        if (typeof changed === 'string') this.failures.push(`update: ${changed}`);
        this.posts.set(known, title);
      });
    else if (turn % 5 === 2)
      await this.#write(async () => {
        const other = others[turn % others.length] as string;
        if (other !== this.#id && !(await transaction(() => rig.users.follow(this.#id, other))))
          this.failures.push('follow: nobody');
      });
    else if (turn % 5 === 3) await this.#read(rig, known);
    else {
      const { value } = await rig.posts.recent({ limit: 20 });
      if (value.partial || value.items.length !== 20)
        this.failures.push(`feed: ${value.items.length}, ${value.partial}`);
      this.reads += 1;
    }
    if (known) {
      rig.views.add(known);
      this.views.set(known, (this.views.get(known) ?? 0) + 1);
    }
  }

  async #read(rig: (typeof rigs)[number], known: string | undefined): Promise<void> {
    this.reads += 2;
    const { value } = await rig.posts.byAuthor(this.#id, { limit: 100 });
    const titles = value.items.map((post: Post) => `${post.id} ${post.title}`).sort();
    const expected = [...this.posts].map(([id, title]) => `${id} ${title}`).sort();
    if (expected.length < 100 && titles.join() !== expected.join())
      this.failures.push(`own list: ${titles.length} of ${expected.length}`);
    if (known && (await rig.posts.findById(known))?.value.title !== this.posts.get(known))
      this.failures.push('own post');
  }

  async #write(write: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await write();
    this.writes += 1;
    this.longestWriteMs = Math.max(this.longestWriteMs, performance.now() - began);
  }
}

describe('resharding under load', () => {
  it('fails no read and no write, loses and doubles nothing', async () => {
    const ids = await Promise.all(Array.from({ length: MEMBERS }, () => newMember(rigs[0] as (typeof rigs)[number])));
    const lives = ids.map((id) => new Life(id));
    let over = false;
    const living = Promise.all(lives.map((life) => life.live(() => over, ids)));
    const urlOf = async (shard: number) => shards.urls('owner')[shard - 1] as string;
    const enough = new AbortController();
    let moved = 0;
    const onStep = async (step: Step) => {
      if (step === 'dropped' && ++moved === MOVES) enough.abort(new Error('enough'));
    };
    const signal = enough.signal;
    await expect(reshard({ shards: 4, urlOf, grow: async () => {}, say: () => {}, onStep, signal })).rejects.toThrow(
      'enough',
    );
    over = true;
    await living;
    await sleep(1500); // the last views are flushed
    expect(lives.flatMap(({ failures }) => failures)).toEqual([]);
    expect(lives.reduce((sum, { writes }) => sum + writes, 0)).toBeGreaterThan(100);
    expect((await owners(shards, 4)).filter(([own]) => own === 4)).toHaveLength(MOVES);
    expect(await hiddenRows(shards, 4)).toBe(0);
    expect((await owners(shards, 4)).every((own) => own.length === 1)).toBe(true);
    await expectBooks(lives, ids);
  }, 120_000);
});

/** What the databases hold of these members is what they were told. */
async function expectBooks(lives: Life[], ids: string[]): Promise<void> {
  const query = `SELECT id, title, views::int FROM posts WHERE author_id = ANY($1)`;
  const posts = (
    await Promise.all(
      [1, 2, 3, 4].map((n) => shards.query<{ id: string; title: string; views: number }>(n, query, [ids])),
    )
  ).flat();
  const expected = lives.flatMap((life) =>
    [...life.posts].map(([id, title]) => ({ id, title, views: life.views.get(id) ?? 0 })),
  );
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect(posts.sort(byId)).toEqual(expected.sort(byId));
  const pairs = async (table: string) =>
    (
      await Promise.all(
        [1, 2, 3, 4].map((n) =>
          shards.query<{ pair: string }>(
            n,
            `SELECT follower_id || ' ' || followee_id AS pair FROM ${table} WHERE follower_id = ANY($1)`,
            [ids],
          ),
        ),
      )
    )
      .flat()
      .map(({ pair }) => pair)
      .sort();
  expect(await pairs('followers')).toEqual(await pairs('follows'));
  const unfinished = await Promise.all(
    [1, 2, 3, 4].map((n) => shards.query(n, `SELECT FROM follow_sagas WHERE state = 'begun'`)),
  );
  expect(unfinished.flat()).toEqual([]);
}
