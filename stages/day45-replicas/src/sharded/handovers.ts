import { coldQuery, type SqlDatabase } from 'stage-1';
import type { BucketMap } from './bucket-map.ts';

/** A bucket that its shard has let go of. */
export interface Handover {
  bucket: number;
  from: number;
  to: number;
  /** Of the map in which it is the other shard's. */
  version: number;
}

/**
 * How a bucket goes on once its shard has let go of it. From there on there is one way only, and whoever finds it half done may
 * go the rest: each step is done once, whoever does it and however late, since a version is passed once by a shard and by the
 * map. So the app may take these steps, and no others: it can't have a bucket taken twice.
 */
export const handoverSchema: readonly string[] = [
  `CREATE TABLE handovers (
    bucket int PRIMARY KEY, from_shard int NOT NULL, to_shard int NOT NULL, version bigint NOT NULL,
    let_go_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  step(
    'take_bucket(bucket int, next bigint)',
    'UPDATE ownership SET owned = set_bit(owned, bucket, 1), version = next WHERE version < next',
  ),
  step(
    'note_map(next bigint, shards smallint[], changes bigint[])',
    'UPDATE bucket_map SET version = next, shard_of = shards, changed_at = changes WHERE version = next - 1',
  ),
  'REVOKE EXECUTE ON FUNCTION take_bucket, note_map FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION take_bucket, note_map TO day90_app',
  'GRANT SELECT ON handovers TO day90_app',
];

function step(head: string, update: string): string {
  return `CREATE FUNCTION ${head} RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ ${update} $$`;
}

/** What a shard let go of more than `ms` ago, by its clock, and has not deleted. */
export async function handoversOn(shard: SqlDatabase, ms: number): Promise<Handover[]> {
  const old = shard.dialect.raw("let_go_at < clock_timestamp() - ? * interval '1 ms'", [ms]);
  const columns = ['bucket', 'from_shard as from', 'to_shard as to', 'version'];
  const rows = await coldQuery<Handover>(shard, shard.dialect('handovers').select(columns).where(old));
  return rows.map((row) => ({ ...row, version: Number(row.version) }));
}

/** The shard has the bucket from here on. */
export async function takeBucket(shard: SqlDatabase, { bucket, version }: Handover): Promise<void> {
  await coldQuery(shard, shard.dialect.raw('SELECT take_bucket(?, ?)', [bucket, version]));
}

/** The map says so from here on. */
export async function noteMap(directory: SqlDatabase, { version, shardOf, changedAt }: BucketMap): Promise<void> {
  const values = [version, [...shardOf], [...changedAt]];
  await coldQuery(directory, directory.dialect.raw('SELECT note_map(?, ?::smallint[], ?::bigint[])', values));
}
