import type { Logger, Resource, Views } from '@day90/core';
import { coldQuery } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { ElsewhereError } from './elsewhere.ts';
import type { ShardSet } from './shard-set.ts';

const FLUSH_MS = 1000;
const POSTS_AT_ONCE = 1000;

type Counts = Map<string, number>;
type Part = [shard: number, counts: [post: string, views: number][]];

/**
 * Adds views up in the process, as for one database, and writes them to each shard once a second. A shard that is out of reach
 * keeps none of the others waiting: its views are kept for the next try.
 */
export function shardedViews(shards: ShardSet, logger: Logger): Views & Resource {
  let counts: Counts = new Map();
  const add = (id: string, views: number) => counts.set(id, (counts.get(id) ?? 0) + views);

  async function flush(): Promise<void> {
    const due = counts;
    counts = new Map();
    const keep = (part: Iterable<[string, number]>, error: unknown) => {
      logger.error({ err: error }, 'could not write views, they are kept for the next try');
      for (const [id, views] of part) add(id, views);
    };
    try {
      const one = async ([shard, part]: Part) => {
        for (const [id, views] of await addOn(shards, shard, part)) add(id, views);
      };
      const parts = await partsOf(shards, due);
      await Promise.all(parts.map((part) => one(part).catch((error: unknown) => keep(part[1], error))));
    } catch (error) {
      keep(due, error);
    }
  }

  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(flush);
  }, FLUSH_MS);
  timer.unref();

  return {
    add: (id) => void add(id, 1),
    async close() {
      clearInterval(timer);
      await running.then(flush);
    },
  };
}

/** The counts by shard, a thousand posts at most together. */
async function partsOf(shards: ShardSet, due: Counts): Promise<Part[]> {
  if (due.size === 0) return [];
  const { shardOf } = await shards.map();
  const byShard = Map.groupBy(due, ([id]) => shardOf[bucketOf(id)] as number);
  return [...byShard].flatMap(([shard, counts]) => {
    // In one order everywhere, so that two processes do not wait for each other's posts in a circle.
    const sorted = counts.sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = Array.from({ length: Math.ceil(sorted.length / POSTS_AT_ONCE) }, (_, i) => i * POSTS_AT_ONCE);
    return parts.map((start): Part => [shard, sorted.slice(start, start + POSTS_AT_ONCE)]);
  });
}

/** @returns Those that belong to buckets which the shard has not got any more. */
async function addOn(shards: ShardSet, shard: number, part: [string, number][]): Promise<[string, number][]> {
  const db = shards.db(shard);
  const rows = part.map(() => '(CAST(? AS bigint), CAST(? AS bigint))').join(', ');
  const sql = `WITH added (id, views) AS (VALUES ${rows})
    UPDATE posts SET views = posts.views + added.views FROM added WHERE posts.id = added.id RETURNING posts.id`;
  let done: Set<string>;
  try {
    done = new Set((await coldQuery<{ id: string }>(db, db.dialect.raw(sql, part.flat()))).map(({ id }) => id));
  } catch (error) {
    if (await shards.again(error)) return part;
    throw error;
  }
  const missed = part.filter(([id]) => !done.has(id));
  const [moved] = missed.length > 0 ? await notOwned(shards, shard, missed) : [];
  if (moved === undefined) return [];
  await shards.again(new ElsewhereError(bucketOf(moved), shard));
  return missed;
}

/** The posts among these that are hidden, rather than not there at all. */
async function notOwned(shards: ShardSet, shard: number, posts: [string, number][]): Promise<string[]> {
  const db = shards.db(shard);
  const [row] = await coldQuery<{ owned: string }>(db, db.dialect('ownership').select('owned'));
  return posts.flatMap(([id]) => (row?.owned[bucketOf(id)] === '1' ? [] : [id]));
}
