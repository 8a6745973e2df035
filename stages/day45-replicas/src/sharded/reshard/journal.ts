import { type BucketMap, type Move, moved } from '../bucket-map.ts';
import { toMap } from '../directory.ts';
import type { OwnerClient } from './owner-client.ts';

/** Of the advisory lock that one resharding holds, for as long as it is connected: a killed one leaves none behind. */
const LOCK = 91;

/** The directory as a resharding uses it: the map, and the moves that were planned and not done yet. */
export interface Journal {
  /** @returns Since when another one holds the lock, or nothing when it is ours now. */
  lock(): Promise<Date | undefined>;
  map(): Promise<BucketMap>;
  /** Moves of a plan that is not finished; with those that are done, so that how far it is can be told. */
  moves(): Promise<(Move & { done: boolean })[]>;
  /** Writes a plan down, whole: whoever goes on after this one follows it. */
  plan(moves: readonly Move[]): Promise<void>;
  /** The bucket has moved: from here on the map says so. No change where somebody else has noted it. */
  note(move: Move, map: BucketMap): Promise<BucketMap>;
  done(move: Move): Promise<void>;
  /** All of the plan is done. */
  clear(): Promise<void>;
}

export function journalOn(directory: OwnerClient): Journal {
  return {
    async lock() {
      const [row] = await directory.rows<{ got: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS got`);
      if (row?.got) return undefined;
      const [other] = await directory.rows<{ since: Date }>(
        `SELECT backend_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND objid = ${LOCK} AND granted`,
      );
      return other?.since ?? new Date();
    },
    async map() {
      const [row] = await directory.rows<NonNullable<Parameters<typeof toMap>[0]>>(
        'SELECT format, version, shard_of, changed_at FROM bucket_map',
      );
      return toMap(row);
    },
    moves: () => directory.rows('SELECT bucket, from_shard AS from, to_shard AS to, done FROM moves ORDER BY bucket'),
    async plan(moves) {
      await directory.rows(
        `INSERT INTO moves (bucket, from_shard, to_shard)
         SELECT * FROM json_to_recordset($1) AS m(bucket int, "from" int, "to" int)`,
        [JSON.stringify(moves)],
      );
    },
    async note(move, map) {
      const next = moved(map, move);
      const values = [next.version, next.shardOf, next.changedAt];
      await directory.rows('SELECT note_map($1, $2, $3)', values);
      return next;
    },
    async done({ bucket }) {
      await directory.rows('UPDATE moves SET done = true WHERE bucket = $1', [bucket]);
    },
    async clear() {
      await directory.rows('DELETE FROM moves');
    },
  };
}
