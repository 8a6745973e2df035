import { copyFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasureContext, measuredValue, seededRandom, type Value } from '@day90/bench';
import { createLogger, type Posts } from '@day90/core';
import type { Data } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks, zipfShare } from '@day90/testing/data';
import { openSqlite, sqlPosts } from 'stage-1';
import { cachedPosts, connectCache } from 'stage-2';
import { topology } from '../../src/topology.ts';

export const SKEWS = [0.8, 1, 1.2];
export const READS_BEFORE = 100_000;
export const READS_COUNTED = 10_000;
const AT_ONCE = 50;
/** In percentage points. */
const FARTHEST = 2;
/** Nothing is to end while it is counted. */
const LIVES = { CACHE_POST_SECONDS: 3600, CACHE_POPULAR_SECONDS: 3600, CACHE_USER_SECONDS: 3600 };

type Cached = ReturnType<typeof connectCache>;

/**
 * Reads posts by Zipf's law through the app's own cache and repositories, in this process, and counts how many came to the
 * database: a count that HTTP would not change.
 * @param cacheUrl - A Redis that holds no posts.
 */
export async function hitRates(context: MeasureContext, cacheUrl: string): Promise<Value[]> {
  const path = `${context.scratch}/hit-rates.sqlite`;
  copyFileSync(`${await context.template(topology.data as Data, context.scale)}/day90.sqlite`, path);
  const db = await openSqlite(path);
  const cache = connectCache(cacheUrl, createLogger({ LOG_LEVEL: 'error', BOX: 'origin-load' }));
  try {
    await connected(cache);
    const rows: Value[] = [];
    for (const [i, skew] of SKEWS.entries()) {
      rows.push(...(await hitRate(context, sqlPosts(db), cache, skew)));
      await context.progress((i + 2) / (SKEWS.length + 1));
    }
    return rows;
  } finally {
    await cache.close();
    await db.close();
  }
}

async function connected(cache: Cached): Promise<void> {
  const ping = () =>
    cache.link
      .call((client) => client.ping())
      .then(
        () => true,
        () => false,
      );
  while (!(await ping())) await sleep(20);
}

async function hitRate({ scale, seed, judged }: MeasureContext, sql: Posts, cache: Cached, skew: number) {
  const { posts } = SCALES[scale];
  let loads = 0;
  const counted: Posts = {
    ...sql,
    findById(id) {
      loads += 1;
      return sql.findById(id);
    },
  };
  const cached = cachedPosts(counted, cache, LIVES);
  const rank = zipfRanks(posts, seededRandom(seed), skew);
  const read = async (count: number) => {
    for (let done = 0; done < count; done += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => cached.findById(String(idOfRank(rank(), posts)))));
    }
  };
  await read(READS_BEFORE);
  loads = 0;
  await read(READS_COUNTED);
  const measured = 100 * (1 - loads / READS_COUNTED);
  const calculated = 100 * (1 - expectedMisses(posts, skew) / READS_COUNTED);
  await cache.drop(Array.from({ length: posts }, (_, i) => `post:${i + 1}`));
  const goal = judged ? { op: '<=' as const, value: FARTHEST } : undefined;
  return [
    measuredValue(`hit rate at s = ${skew}`, '%', measured),
    measuredValue(`calculated for s = ${skew}`, '%', calculated),
    measuredValue(`from the calculated one at s = ${skew}`, 'points', Math.abs(measured - calculated), goal),
  ];
}

/**
 * A read misses when it is the first of its post: with p the share of the post of a rank, the expected misses of the n-th read
 * are Σ p (1 − p)^n, and of all counted reads the sum of that over n, which is the difference of two powers.
 */
function expectedMisses(posts: number, skew: number): number {
  const total = 1 / zipfShare(1, posts, skew);
  let misses = 0;
  for (let rank = 1; rank <= posts; rank += 1) {
    const unread = 1 - 1 / (rank ** skew * total);
    misses += unread ** READS_BEFORE - unread ** (READS_BEFORE + READS_COUNTED);
  }
  return misses;
}
