import { SHARD_TABLES, type ShardTable } from '../shard-tables.ts';
import { type Change, catchUp, hasKey, keysByTable } from './bucket-copy.ts';
import type { OwnerClient } from './owner-client.ts';

/** Rows, and the sum of a 64-bit hash of each, in whatever order they lie. */
interface Print {
  rows: number;
  sum: string;
}

/** Both sides of a move. */
interface Sides {
  bucket: number;
  from: OwnerClient;
  to: OwnerClient;
}

/**
 * Compares all of a bucket with its copy while it is written to: the copy is brought to one moment of the original, and the
 * original is looked at as it was in that moment. It takes as long as there are rows, and nobody waits for it.
 * @returns How many rows there were.
 * @throws {Error} When they differ.
 */
export function compareBucket({ bucket, from, to }: Sides): Promise<number> {
  return from.inTransaction(async () => {
    await from.rows('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    while ((await catchUp(from, to)).length > 0);
    let rows = 0;
    for (const table of SHARD_TABLES)
      rows += await comparePart({ bucket, from, to }, { table, where: table.inBucket, value: bucket });
    return rows;
  });
}

/**
 * Compares no more than what has changed.
 * @throws {Error} When it differs.
 */
export async function compareChanged(sides: Sides, changes: readonly Change[]): Promise<void> {
  for (const { table, keys } of keysByTable(changes))
    await comparePart(sides, { table, where: hasKey(table), value: keys });
}

/** Some rows of one table: `$1` in `where` is `value`. */
interface Part {
  table: ShardTable;
  where: string;
  value: unknown;
}

async function comparePart({ bucket, from, to }: Sides, part: Part): Promise<number> {
  const [here, there] = [await print(from, part), await print(to, part)];
  if (here.rows !== there.rows || here.sum !== there.sum)
    throw new Error(
      `bucket ${bucket}: ${part.table.name} differs, ${here.rows} rows and ${there.rows} in the copy: nothing was moved`,
    );
  return here.rows;
}

async function print(shard: OwnerClient, { table, where, value }: Part): Promise<Print> {
  const [found] = await shard.rows<Print>(
    `SELECT count(*)::int AS rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum
     FROM ${table.name} t WHERE ${where}`,
    [value],
  );
  return found ?? { rows: 0, sum: '0' };
}
