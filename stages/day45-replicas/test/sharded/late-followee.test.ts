import { setTimeout as sleep } from 'node:timers/promises';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { FollowSaga, ShardSet, shardedIds } from 'stage-4/sharded';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { logger, type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;
beforeAll(async () => {
  shards = await starting();
  rig = shardedRig(shards.urls('app'));
}, 180_000);
afterAll(() => rig?.close());

/** Shards of a process that is slow: it rests before the third step of its saga, in milliseconds. */
class SlowShards extends ShardSet {
  #steps = 0;
  readonly #restMs: number;

  constructor(urls: string[], restMs: number) {
    super(urls, { logger, pool: 2 });
    this.#restMs = restMs;
  }

  override async writeApart<T>(bucket: number, write: (shard: number) => Promise<T>): Promise<T> {
    this.#steps += 1;
    if (this.#steps === 3) await sleep(this.#restMs);
    return super.writeApart(bucket, write);
  }
}

async function followSlowly(restMs: number, follower: string, followee: string): Promise<void> {
  const set = new SlowShards(shards.urls('app'), restMs);
  await inRequest({ transactor: set.transactor }, () => new FollowSaga(set, logger).follow(follower, followee));
  await set.close();
}

describe('a follow of an id that somebody is about to have', () => {
  // An id is time, worker, bucket: it can be guessed, and asked for before its member is there.
  it('is whole or undone when its followee comes to be between two processes that look for them', async () => {
    const [follower, followee] = [await newMember(rig), shardedIds(14).next(7)];
    const { shardOf } = await rig.set.map();
    const [at, of] = [shardOf[bucketOf(follower)] as number, shardOf[bucketOf(followee)] as number];
    const refused = followSlowly(1000, follower, followee);
    await sleep(500);
    const app = new pg.Client({ connectionString: shards.urls('app')[of - 1] });
    await app.connect();
    await app.query(
      "INSERT INTO users (id, name, email, password_hash, avatar_url, created_at) VALUES ($1, 'Late', '', '', '', 0)",
      [followee],
    );
    await app.end();
    await Promise.all([refused, followSlowly(1000, follower, followee)]);
    const count = async (shard: number, table: string) => {
      const sql = `SELECT FROM ${table} WHERE follower_id = $1 AND followee_id = $2`;
      return (await shards.query(shard, sql, [follower, followee])).length;
    };
    expect({ follows: await count(at, 'follows') }).toEqual({ follows: await count(of, 'followers') });
  });
});
