import pg from 'pg';
import type { BucketMap } from '../../../src/sharded/bucket-map.ts';
import { BUCKETS, bucketOf } from '../../../src/sharded/buckets.ts';
import { type Ids, partsOfId } from '../../../src/sharded/ids.ts';

/** As many as MEASURING asks for: fewer leave a shard waiting for work. */
export const WRITERS_A_SHARD = 32;
const BODY = 'x'.repeat(600);
const INSERT = {
  name: 'insert-post',
  text: 'INSERT INTO posts (id, author_id, title, body, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)',
};

/** Who writes next: an author on the shard that a writer is bound to, or on whichever it is. */
export type NextAuthor = (shard: number) => string;

/** Writers that each send their next post when the last one is committed. */
export interface Writing {
  /** Posts committed so far. */
  count(): number;
  /** Ends them; rejects with what went wrong in any. */
  stop(): Promise<void>;
}

/**
 * Starts 32 writers a shard on an arm.
 * @param bound - Whether each keeps to its own shard; else it follows its authors, and waits where many do.
 */
export function write(
  urls: readonly string[],
  { map, ids, next, bound }: { map: BucketMap; ids: Ids; next: NextAuthor; bound: boolean },
): Writing {
  const pools = urls.map((connectionString) => new pg.Pool({ connectionString, max: WRITERS_A_SHARD }));
  for (const pool of pools) pool.on('error', () => {}); // an idle connection whose shard has ended: its writers are told
  let count = 0;
  let stopped = false;
  const one = async (home: number) => {
    while (!stopped) {
      const author = next(home);
      const bucket = bucketOf(author);
      const shard = bound ? home : (map.shardOf[bucket] as number);
      const id = ids.next(bucket % BUCKETS);
      await pools[shard - 1]?.query({ ...INSERT, values: [id, author, 'A title', BODY, partsOfId(id).ms] });
      count += 1;
    }
  };
  const all = urls.flatMap((_, i) => Array.from({ length: WRITERS_A_SHARD }, () => one(i + 1)));
  for (const writer of all) writer.catch(() => {}); // told by stop()
  return {
    count: () => count,
    async stop() {
      stopped = true;
      const ends = await Promise.allSettled(all);
      await Promise.all(pools.map((pool) => pool.end()));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}
