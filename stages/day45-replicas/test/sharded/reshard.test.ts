import { setTimeout as sleep } from 'node:timers/promises';
import { transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { type ReshardOptions, reshard } from '../../src/sharded/reshard/reshard.ts';
import { SHARD_TABLES } from '../../src/sharded/shard-tables.ts';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;

beforeAll(async () => {
  shards = await starting();
  await shards.grow();
  rig = shardedRig(shards.urls('app'));
}, 60_000);
afterAll(() => rig?.close());

const to4 = (more: Partial<ReshardOptions> = {}) =>
  reshard({
    shards: 4,
    urlOf: async (n) => shards.urls('owner')[n - 1] as string,
    grow: async () => {},
    say: () => {},
    ...more,
  });

/** Every row of every table, with the shards that show it to the app: exactly one, or it is lost or doubled. */
async function allRows(): Promise<Map<string, number[]>> {
  const where = new Map<string, number[]>();
  for (const shard of [1, 2, 3, 4]) {
    for (const { name, bucketOf } of SHARD_TABLES) {
      const rows = await shards.query<{ row: string }>(
        shard,
        `SELECT md5(t::text) AS row FROM ${name} t, ownership WHERE get_bit(owned, ${bucketOf('t')}) = 1`,
      );
      for (const { row } of rows) where.set(`${name} ${row}`, [...(where.get(`${name} ${row}`) ?? []), shard]);
    }
  }
  return where;
}

/** Rows that a shard holds and has no bucket for. */
async function leftBehind(): Promise<number> {
  let count = 0;
  for (const shard of [1, 2, 3, 4])
    for (const { name, bucketOf } of SHARD_TABLES)
      count += (
        await shards.query(shard, `SELECT FROM ${name} t, ownership WHERE get_bit(owned, ${bucketOf('t')}) = 0`)
      ).length;
  return count;
}

describe('resharding', () => {
  it('moves a quarter of the buckets and of the rows to a fourth shard, and none is lost, doubled or changed', async () => {
    const before = await allRows();
    const result = await to4();
    const after = await allRows();
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect([...after.values()].filter((at) => at.length !== 1)).toEqual([]);
    expect(await leftBehind()).toBe(0);
    expect(result.buckets).toBe(256);
    expect(result.allRows).toBe(before.size);
    expect(result.rows / result.allRows).toBeLessThanOrEqual(0.3);
    expect(result.modulo.moved / result.modulo.of).toBeGreaterThan(0.7);
    expect(result.longestPauseMs).toBeLessThan(500);
  }, 120_000);
});
void [sleep, transaction, inRequest, newMember, bucketOf];
