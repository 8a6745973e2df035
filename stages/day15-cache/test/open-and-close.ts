import { createLogger, Json, runInBackground } from '@day90/core';
import { connectCache } from 'stage-2';

/** A process that uses a cache, closes it, and then has nothing left to do: it must end by itself. */
const cache = connectCache(process.env.CACHE_URL ?? '', createLogger({ LOG_LEVEL: 'silent', BOX: 'test' }));
const thing = { key: 'thing', seconds: 60 };
await runInBackground(
  (work) => work(undefined),
  async () => {
    for (let n = 0; n < 3; n++) await cache.through(thing, async () => Json.of({ n }));
    await cache.drop(['thing']);
  },
);
await cache.close();
