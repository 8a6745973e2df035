import { SHARD_TABLES, type ShardTable } from '../shard-tables.ts';
import type { OwnerClient } from './owner-client.ts';

const ROWS_AT_ONCE = 500;
const CHANGES_AT_ONCE = 5000;
/** Rows travel as JSON texts that nobody parses on the way: every type of Postgres can be written as one and read back. */
type JsonRow = { row: string };

/** Something that was written to a bucket while it was copied. */
export interface Change {
  seq: string;
  tab: string;
  /** JSON, as a text from the one shard to the other: parsed, a number in it could lose what a bigint holds. */
  key: string;
}

/** Copies a bucket's rows as they are now, of one moment. */
export async function copyBucket(from: OwnerClient, to: OwnerClient, bucket: number): Promise<void> {
  await from.inTransaction(async () => {
    await from.rows('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const { name, inBucket } of SHARD_TABLES) {
      // A cursor takes no parameters; a bucket is a number of ours.
      const rows = `SELECT to_json(t)::text AS row FROM ${name} t WHERE ${inBucket.replace('$1', String(bucket))}`;
      await from.rows(`DECLARE part NO SCROLL CURSOR FOR ${rows}`);
      for (;;) {
        const some = await from.rows<JsonRow>(`FETCH ${ROWS_AT_ONCE} FROM part`);
        if (some.length === 0) break;
        await put(to, name, some);
      }
      await from.rows('CLOSE part');
    }
  });
}

/**
 * Does to the copy what was done to the bucket since.
 * @returns What that was, a part of it if it was a lot: nothing is left when it is empty.
 */
export async function catchUp(from: OwnerClient, to: OwnerClient): Promise<Change[]> {
  const changes = await from.rows<Change>(
    `SELECT seq, tab, key::text AS key FROM bucket_changes ORDER BY seq LIMIT ${CHANGES_AT_ONCE}`,
  );
  const changed = keysByTable(changes);
  for (const { table, keys } of changed) {
    const rows = await from.rows<JsonRow>(
      `SELECT to_json(t)::text AS row FROM ${table.name} t WHERE ${hasKey(table)}`,
      [keys],
    );
    await put(to, table.name, rows, table.key);
  }
  for (const { table, keys } of changed.reverse()) await dropMissing(from, to, table, keys);
  if (changes.length > 0)
    await from.rows('DELETE FROM bucket_changes WHERE seq = ANY($1)', [changes.map(({ seq }) => seq)]);
  return changes;
}

/** The tables in which something has changed, those first that others refer to, with the keys of the rows as JSON. */
export function keysByTable(changes: readonly Change[]): { table: ShardTable; keys: string }[] {
  const byTable = Map.groupBy(changes, ({ tab }) => tab);
  return SHARD_TABLES.flatMap((table) => {
    const keys = byTable.get(table.name)?.map(({ key }) => key);
    return keys ? [{ table, keys: `[${[...new Set(keys)].join(',')}]` }] : [];
  });
}

/** Deletes a bucket's rows, those first that refer to others, and that it was let go of. */
export async function dropBucket(shard: OwnerClient, bucket: number): Promise<void> {
  await shard.inTransaction(async () => {
    for (const { name, inBucket } of SHARD_TABLES.toReversed())
      await shard.rows(`DELETE FROM ${name} WHERE ${inBucket}`, [bucket]);
    await shard.rows('DELETE FROM handovers WHERE bucket = $1', [bucket]);
  });
}

/** Writes rows, over those that are there where a key is given. */
async function put(to: OwnerClient, table: string, rows: JsonRow[], key?: readonly string[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(JSON.parse(rows[0]?.row ?? '{}') as object);
  const over = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  const conflict = key ? ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${over}` : '';
  const json = `[${rows.map(({ row }) => row).join(',')}]`;
  await to.rows(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $1)${conflict}`, [json]);
}

/** Drops from the copy what is no longer at its source. */
async function dropMissing(from: OwnerClient, to: OwnerClient, table: ShardTable, keys: string): Promise<void> {
  const { name, key } = table;
  const gone = await from.rows<JsonRow>(
    `SELECT to_json(k)::text AS row FROM json_populate_recordset(null::${name}, $1) k
     WHERE NOT EXISTS (SELECT FROM ${name} t WHERE ${key.map((column) => `t.${column} = k.${column}`).join(' AND ')})`,
    [keys],
  );
  if (gone.length === 0) return;
  await to.rows(`DELETE FROM ${name} t WHERE ${hasKey(table)}`, [`[${gone.map(({ row }) => row).join(',')}]`]);
}

/** Whether row `t` is one of those whose keys `$1` lists, as JSON. */
export function hasKey({ name, key }: ShardTable): string {
  const columns = key.join(', ');
  return `(${key.map((column) => `t.${column}`).join(', ')}) IN
    (SELECT ${columns} FROM json_populate_recordset(null::${name}, $1))`;
}
