import { coldQuery, type SqlDatabase } from 'stage-1';
import { type BucketMap, MAP_FORMAT } from './bucket-map.ts';

interface MapRow {
  format: number;
  version: string;
  shard_of: number[];
  changed_at: string[];
}

/** The bucket map can't be used by this code, and no wait will change that. */
export class UnknownMap extends Error {}

/**
 * Reads the map from the directory, which lies on shard 1.
 * @throws {UnknownMap} When it is of a newer format, or there is none.
 * @throws {UnavailableError} When the directory is out of reach.
 */
export async function readMap(directory: SqlDatabase): Promise<BucketMap> {
  const query = directory.dialect('bucket_map').select('format', 'version', 'shard_of', 'changed_at');
  const [row] = await coldQuery<MapRow>(directory, query);
  return toMap(row);
}

/** The map that a row of the table `bucket_map` holds. @throws {UnknownMap} */
export function toMap(row: MapRow | undefined): BucketMap {
  if (!row) throw new UnknownMap('shard 1 holds no bucket map');
  if (row.format > MAP_FORMAT) {
    throw new UnknownMap(
      `the bucket map is of format ${row.format}, and this version of the app knows ${MAP_FORMAT}: start the newer one`,
    );
  }
  return {
    format: row.format,
    version: Number(row.version),
    shardOf: row.shard_of,
    changedAt: row.changed_at.map(Number),
  };
}
