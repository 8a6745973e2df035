import { SHARD_TABLES } from '../../src/sharded/shard-tables.ts';
import type { Shards } from './shards-rig.ts';

/** Longest that writes to a bucket may wait for its move, in milliseconds: as long as on a machine that has much else to do. */
export const MOST_PAUSE_MS = 2_000;

/** Every row of every table by a print of it, with the shards that show it to the app: one each, or it is lost or doubled. */
export async function shownRows(shards: Shards, count: number): Promise<Map<string, number[]>> {
  const where = new Map<string, number[]>();
  for (const { shard, name, bucketOf } of eachTable(count)) {
    const rows = await shards.query<{ row: string }>(
      shard,
      `SELECT md5(t::text) AS row FROM ${name} t, ownership WHERE get_bit(owned, ${bucketOf('t')}) = 1`,
    );
    for (const { row } of rows) where.set(`${name} ${row}`, [...(where.get(`${name} ${row}`) ?? []), shard]);
  }
  return where;
}

/** How many rows lie on shards that have not got their bucket. */
export async function hiddenRows(shards: Shards, count: number): Promise<number> {
  let hidden = 0;
  for (const { shard, name, bucketOf } of eachTable(count)) {
    const [row] = await shards.query<{ rows: number }>(
      shard,
      `SELECT count(*)::int AS rows FROM ${name} t, ownership WHERE get_bit(owned, ${bucketOf('t')}) = 0`,
    );
    hidden += row?.rows ?? 0;
  }
  return hidden;
}

/** For each bucket the shards that have it. */
export async function owners(shards: Shards, count: number): Promise<number[][]> {
  const found: number[][] = Array.from({ length: 1024 }, () => []);
  for (let shard = 1; shard <= count; shard += 1) {
    const [row] = await shards.query<{ owned: string }>(shard, 'SELECT owned FROM ownership');
    for (const [bucket, bit] of [...(row?.owned ?? '')].entries()) if (bit === '1') found[bucket]?.push(shard);
  }
  return found;
}

function eachTable(count: number) {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return numbers.flatMap((shard) => SHARD_TABLES.map((table) => ({ shard, ...table })));
}
