import { Json } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { decodeEntry, encodeEntry } from '../src/cache-entry.ts';
import { LEASE_MS } from '../src/cache-scripts.ts';
import { RedisCache } from '../src/redis-cache.ts';
import { openCache, openLink, TestRedis } from './redis-rig.ts';
import { TwoProcesses } from './two-processes.ts';
import { WatchedLink } from './watched-link.ts';

const redis = TestRedis.ofThisFile('one-load');
let two: TwoProcesses;
const closing: RedisCache[] = [];
afterEach(async () => {
  await two?.close();
  for (const cache of closing.splice(0)) await cache.close();
});

const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const half = (n: number) => (n % 2) as 0 | 1;
const tick = () => new Promise(setImmediate);

describe.each([
  { variant: 'cachedPosts', start: () => TwoProcesses.cached(redis), holds: true },
  { variant: 'unprotectedPosts', start: () => TwoProcesses.unprotected(redis), holds: false },
])('$variant', ({ start, holds }) => {
  it(`asks the database ${holds ? 'once' : 'a thousand times'} for 1,000 readers of an entry that has ended`, async () => {
    two = await start();
    const id = await two.newPost();
    await two.titleOf(0, id);
    // Kept behind the answer: deleted before that, it would be there again.
    while (Number(await redis.admin('DEL', `post:${id}`)) === 0) await tick();
    two.source.loads = 0;
    two.source.ms = 50;
    const found = await Promise.all(times(1000, (n) => two.titleOf(half(n), id)));
    expect(new Set(found)).toEqual(new Set(['old']));
    if (holds) expect(two.source.loads).toBe(1);
    else expect(two.source.loads).toBeGreaterThan(500);
  });
});

describe('an entry that is due', () => {
  it('is renewed by one load, while everybody is still served', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await two.titleOf(0, id);
    await redis.makeDue(`post:${id}`);
    const release = two.source.hold();
    const served = await Promise.all(times(200, (n) => two.read(half(n), id)));
    expect(new Set(served.map(({ cache }) => cache))).toEqual(new Set(['stale']));
    release();
    await eventually(
      () => two.read(1, id),
      ({ cache }) => cache === 'hit',
    );
    expect(two.source.loads).toBe(2);
  });

  it('is not renewed with what was read before a write', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost('old');
    await two.titleOf(0, id);
    await redis.makeDue(`post:${id}`);
    const release = two.source.hold();
    await two.titleOf(0, id);
    while (two.source.loads < 2) await tick();
    await two.retitle(1, id, 'new');
    release();
    expect([await two.titleOf(0, id), await two.titleOf(1, id)]).toEqual(['new', 'new']);
  });

  it('is renewed once, also by a reader who saw the old entry and asks after it was replaced', async () => {
    two = await TwoProcesses.cached(redis);
    const slow = new WatchedLink(await openLink(redis.url));
    const [quick, late] = [await openCache(redis.url), new RedisCache(slow)];
    closing.push(quick, late);
    let loads = 0;
    const load = async () => Json.of({ load: ++loads });
    const read = (cache: RedisCache) => two.request(() => cache.through({ key: 'thing', seconds: 60 }, load));
    await read(quick);
    await redis.makeDue('thing');
    const { promise: renewed, resolve } = Promise.withResolvers<void>();
    const { promise: asked, resolve: answered } = Promise.withResolvers<void>();
    slow.before = async ({ name }) => {
      if (name === 'LEASE') await renewed;
    };
    slow.after = async ({ name }) => {
      if (name === 'LEASE') answered();
    };
    expect((await read(late)).cache).toBe('stale');
    expect((await read(quick)).cache).toBe('stale');
    await eventually(
      () => read(quick),
      ({ cache }) => cache === 'hit',
      200,
    );
    resolve();
    await asked;
    await tick();
    expect(loads).toBe(2);
  });

  it('stays until its end when the renewal fails, and is renewed by the next reader', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await two.titleOf(0, id);
    await redis.makeDue(`post:${id}`);
    two.source.failure = new Error('the database is away');
    expect((await two.read(0, id)).cache).toBe('stale');
    await eventually(
      async () => two.source.loads,
      (loads) => loads === 2,
    );
    two.source.failure = undefined;
    await eventually(
      () => two.read(1, id),
      ({ cache }) => cache === 'hit',
      LEASE_MS / 2,
    );
    expect(two.source.loads).toBe(3);
  });

  it('is due at a random moment of the last fifth of its life, which ends when it should', async () => {
    const [now, life] = [1_000_000, 60_000];
    const parts = times(
      1000,
      () => (decodeEntry(encodeEntry({ json: undefined, position: '' }, life, [], now)).renewAt - now) / life,
    );
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0.8);
    expect(Math.min(...parts)).toBeLessThan(0.82);
    expect(Math.max(...parts)).toBeGreaterThan(0.88);
    expect(Math.max(...parts)).toBeLessThanOrEqual(0.9);
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    const before = Date.now();
    await two.titleOf(0, id);
    const left = async () => Number(await redis.admin('PEXPIRETIME', `post:${id}`));
    await eventually(left, (at) => at > 0);
    expect(await left()).toBeGreaterThanOrEqual(before + 60_000);
    expect(await left()).toBeLessThanOrEqual(Date.now() + 60_000);
  });
});

describe('a load that fails', () => {
  it('fails for its readers and for nobody after them, and ends no process', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    two.source.failure = new Error('the database is away');
    two.source.ms = 20;
    const readers = await Promise.allSettled(times(100, () => two.titleOf(0, id)));
    expect(readers.every((reader) => reader.status === 'rejected')).toBe(true);
    expect(two.source.loads).toBe(1);
    two.source.failure = undefined;
    const began = performance.now();
    expect([await two.titleOf(1, id), await two.titleOf(0, id)]).toEqual(['old', 'old']);
    expect(performance.now() - began).toBeLessThan(LEASE_MS / 2); // it did not wait for the end of the lease
    await new Promise((resolve) => setTimeout(resolve, 20)); // a rejection that stays unhandled fails the test by then
  });
});

describe('who waits for the load of another process', () => {
  it('loads by itself once the lease of a process that died has ended', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await redis.admin('SET', `lease:post:${id}`, 'of-the-dead', 'PX', '300');
    const found = await Promise.all(times(20, (n) => two.titleOf(half(n), id)));
    expect(new Set(found)).toEqual(new Set(['old']));
    expect(two.source.loads).toBe(1);
    expect(await redis.admin('EXISTS', `lease:post:${id}`)).toBe(0);
  });

  it('does not wait for a reader who got the lease too late, and has gone on without', async () => {
    two = await TwoProcesses.cached(redis);
    const slow = new WatchedLink(await openLink(redis.url));
    const [early, late] = [await openCache(redis.url), new RedisCache(slow)];
    closing.push(early, late);
    const load = async () => Json.of({ loaded: true });
    const read = (cache: RedisCache) => two.request(() => cache.through({ key: 'thing', seconds: 60 }, load));
    const { promise: held, resolve: deliver } = Promise.withResolvers<void>();
    slow.after = ({ name }) => (name === 'LEASE' ? held : Promise.resolve());
    expect((await read(late)).cache).toBe('bypass');
    deliver();
    const began = performance.now();
    expect((await read(early)).cache).toBe('miss');
    expect(performance.now() - began).toBeLessThan(LEASE_MS / 2);
  });

  it('is not kept waiting by writes that come faster than loads: each reader waits for two of them at most', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    two.source.ms = 20;
    let reading = true;
    const writing = (async () => {
      for (let n = 0; reading; n++) await two.retitle(1, id, `title ${n}`);
    })();
    while ((await redis.invalidations()) === 0) await tick();
    const loads = two.source.loads;
    await Promise.all(times(40, () => two.titleOf(0, id)));
    reading = false;
    await writing;
    expect(two.source.loads - loads).toBeLessThanOrEqual(6);
  });
});
