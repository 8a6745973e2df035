import type { Cache } from 'stage-2';
import { CacheStore } from '../../src/cache-store.ts';
import { POPULAR } from '../../src/cached-things.ts';
import type { RedisCache } from '../../src/redis-cache.ts';

/** Asks Redis once to end what was changed, and takes its silence for a yes. */
export function forgetful(cache: RedisCache): Cache {
  const store = new CacheStore(cache.link);
  return {
    through: (thing, load) => cache.through(thing, load),
    drop: async (tags) => void (await store.drop(tags, [POPULAR], '')),
  };
}
