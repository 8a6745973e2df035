import { z } from 'zod';

/** No entry lives longer, so an invalidation that failed may be forgotten after it. */
export const LONGEST_LIFE_SECONDS = 86_400;

const seconds = (initial: number) => z.coerce.number().int().min(1).max(LONGEST_LIFE_SECONDS).default(initial);

/** The variables of the cache. A life is the longest time a change may go unseen, should its invalidation be lost. */
export const cacheEnv = {
  CACHE_URL: z
    .url({ protocol: /^rediss?$/ })
    .default('redis://127.0.0.1:6379')
    .describe('Redis that holds the cache'),
  CACHE_POST_SECONDS: seconds(60).describe("Life of a post, and of an author's page"),
  CACHE_POPULAR_SECONDS: seconds(600).describe('Life of the popular page, and so the age of its order'),
  CACHE_USER_SECONDS: seconds(3600).describe('Life of a user'),
};

/** How long things live in the cache, in seconds. */
export type CacheLives = Pick<
  z.infer<z.ZodObject<typeof cacheEnv>>,
  'CACHE_POST_SECONDS' | 'CACHE_POPULAR_SECONDS' | 'CACHE_USER_SECONDS'
>;
