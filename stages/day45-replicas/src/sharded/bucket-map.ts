import { BUCKETS } from './buckets.ts';

/** What this code can read. Raised when the map's meaning changes, so that old code refuses it and does not misread it. */
export const MAP_FORMAT = 1;

/** Which shard has which bucket. Shards are numbered from 1. */
export interface BucketMap {
  format: number;
  /** Raised by each bucket that moves. */
  version: number;
  /** By bucket. */
  shardOf: readonly number[];
  /** By shard, from 0 for shard 1: the version at which what it has last changed. */
  changedAt: readonly number[];
}

/** A bucket on its way. */
export interface Move {
  bucket: number;
  from: number;
  to: number;
}

/** The first map: neighbouring buckets lie together, and no shard has more than one bucket more than another. */
export function firstMap(shards: number): BucketMap {
  return {
    format: MAP_FORMAT,
    version: 1,
    shardOf: Array.from({ length: BUCKETS }, (_, bucket) => 1 + Math.floor((bucket * shards) / BUCKETS)),
    changedAt: Array<number>(shards).fill(1),
  };
}

/** How many shards have a bucket, or had one. */
export function shardsOf({ changedAt }: BucketMap): number[] {
  return changedAt.map((_, i) => i + 1);
}

/** The map after a move. */
export function moved(map: BucketMap, { bucket, from, to }: Move): BucketMap {
  const version = map.version + 1;
  const shards = Math.max(map.changedAt.length, to);
  return {
    ...map,
    version,
    shardOf: map.shardOf.map((shard, b) => (b === bucket ? to : shard)),
    changedAt: Array.from({ length: shards }, (_, i) =>
      [from, to].includes(i + 1) ? version : (map.changedAt[i] ?? 1),
    ),
  };
}

/**
 * The fewest moves after which `shards` shards have equally many buckets: only what the new ones get moves, and nothing moves
 * between the old ones. Of a shard's buckets those go that together hold as much as their number says, so that the rows
 * are spread as evenly as the buckets: by chance the largest bucket alone could be a tenth of all rows.
 * @param rows - Rows by bucket.
 */
export function planMoves(map: BucketMap, shards: number, rows: readonly number[]): Move[] {
  const share = fairShares(shards);
  const given: { bucket: number; from: number }[] = [];
  for (const from of shardsOf(map)) {
    const own = map.shardOf.flatMap((shard, bucket) => (shard === from ? [bucket] : []));
    const surplus = own.length - (share[from - 1] ?? 0);
    if (surplus <= 0) continue;
    const bySize = own.sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0) || a - b);
    const wanted = (sumOf(bySize, rows) * surplus) / own.length;
    for (const bucket of windowOf(bySize, surplus, rows, wanted)) given.push({ bucket, from });
  }
  // Dealt out by size, so that several new shards get about as many rows each.
  given.sort((a, b) => (rows[b.bucket] ?? 0) - (rows[a.bucket] ?? 0) || a.bucket - b.bucket);
  const room = share.map((count, i) => count - map.shardOf.filter((shard) => shard === i + 1).length);
  let turn = 0;
  return given.map((move) => {
    while ((room[turn % shards] ?? 0) <= 0) turn += 1;
    const to = (turn % shards) + 1;
    room[to - 1] = (room[to - 1] ?? 0) - 1;
    turn += 1;
    return { ...move, to };
  });
}

/** Buckets of each shard when all have equally many, the first ones one more where that does not come out even. */
function fairShares(shards: number): number[] {
  return Array.from({ length: shards }, (_, i) => Math.floor(BUCKETS / shards) + (i < BUCKETS % shards ? 1 : 0));
}

/** Of buckets sorted by size so many neighbours as come closest to `wanted` rows. */
function windowOf(bySize: readonly number[], count: number, rows: readonly number[], wanted: number): number[] {
  let best: number[] = [];
  let distance = Number.POSITIVE_INFINITY;
  for (let start = 0; start + count <= bySize.length; start += 1) {
    const window = bySize.slice(start, start + count);
    const away = Math.abs(sumOf(window, rows) - wanted);
    if (away < distance) [best, distance] = [window, away];
  }
  return best;
}

function sumOf(buckets: readonly number[], rows: readonly number[]): number {
  return buckets.reduce((sum, bucket) => sum + (rows[bucket] ?? 0), 0);
}
