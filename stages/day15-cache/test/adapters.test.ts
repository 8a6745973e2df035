import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryRateLimit, type Posts, type Users } from '@day90/core';
import {
  describePosts,
  describeRateLimit,
  describeUsers,
  FakePosts,
  FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
} from '@day90/testing';
import { describe, expect, it } from '@jest/globals';
import { openSqlite, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { cachedPosts, cachedUsers, connectRedis, redisRateLimit } from 'stage-2';
import { logger, openCache, openLink, TestRedis } from './redis-rig.ts';
import { LIVES } from './two-processes.ts';

const redis = TestRedis.ofThisFile('adapters');

/** The decorators around these repositories, on an empty cache. */
async function cached(posts: Posts, users: Users) {
  await redis.admin('FLUSHALL');
  const cache = await openCache(redis.url);
  return {
    cache,
    posts: cachedPosts(posts, cache, LIVES),
    users: cachedUsers(users, cache, LIVES),
    forgetPopular: async () => void (await redis.admin('DEL', 'popular')),
  };
}

async function overSqlite() {
  const folder = await mkdtemp(join(tmpdir(), 'day90-stage-2-'));
  const db = await openSqlite(join(folder, 'test.sqlite'));
  const views = sqlViews(db, logger);
  const rig = await cached(sqlPosts(db), sqlUsers(db));
  return {
    ...rig,
    ...{ transactor: db.transactor, views, recommend: sqlRecommend(db) },
    async close() {
      await rig.cache.close();
      await views.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function overFakes() {
  const store = new FakeStore();
  const rig = await cached(new FakePosts(store), new FakeUsers(store));
  const { transactor } = store;
  return {
    ...rig,
    ...{ transactor, views: new FakeViews(store), recommend: fakeRecommend(store) },
    close: () => rig.cache.close(),
  };
}

describePosts('cachedPosts over SQLite', overSqlite);
describeUsers('cachedUsers over SQLite', overSqlite);
describePosts('cachedPosts over fakes', overFakes);
describeUsers('cachedUsers over fakes', overFakes);

/** Where nothing listens. */
const NOWHERE = 'redis://app:unused@127.0.0.1:1';

async function limitOn(open: () => Promise<ReturnType<typeof connectRedis>>) {
  const link = await open();
  return { rateLimit: redisRateLimit(link, memoryRateLimit()), close: () => link.close() };
}

describeRateLimit('redisRateLimit', () => limitOn(() => openLink(redis.url)));
describeRateLimit('redisRateLimit without Redis', () =>
  limitOn(async () => connectRedis(NOWHERE, { name: 'cache', logger })),
);

describe('redisRateLimit', () => {
  it('gives the turns of a key once, however many processes ask', async () => {
    const rigs = await Promise.all([1, 2, 3].map(() => limitOn(() => openLink(redis.url))));
    const key = randomUUID();
    const waits = await Promise.all(
      Array.from({ length: 30 }, (_, n) => rigs[n % 3]?.rateLimit.take(key, { turns: 5, seconds: 60 })),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    await Promise.all(rigs.map(({ close }) => close()));
  });

  it('still counts when Redis freezes in the middle, and never is open', async () => {
    const { rateLimit, close } = await limitOn(() => openLink(redis.url));
    const key = randomUUID();
    const take = () => rateLimit.take(key, { turns: 5, seconds: 60 });
    for (let n = 0; n < 5; n++) expect(await take()).toBe(0);
    expect(await take()).toBeGreaterThan(0);
    redis.freeze();
    const waits = await Promise.all(Array.from({ length: 50 }, take));
    redis.thaw();
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5); // of the insurance, which knew of none before
    await close();
  });
});
