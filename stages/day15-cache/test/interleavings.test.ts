import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DROP, GIVE_BACK, KEEP, LEASE } from '../src/cache-scripts.ts';
import { CacheStore } from '../src/cache-store.ts';
import { POPULAR } from '../src/cached-things.ts';
import { RedisCache } from '../src/redis-cache.ts';
import { type RedisClient, type RedisLink, redisClient } from '../src/redis-link.ts';
import { cachedReader, InterleavedWorld, type Plan, plan, unprotectedReader } from './interleaved-world.ts';
import { TestRedis } from './redis-rig.ts';

const redis = TestRedis.ofThisFile('interleavings');
/** Worlds that run beside one another, each in a database of its own: the rig has 64. Most of their time they wait. */
const AT_ONCE = 64;
const RUNS = 18;

const clients: RedisClient[] = [];
beforeAll(async () => {
  for (let n = 0; n < AT_ONCE; n++) {
    const client = redisClient(`${redis.adminUrl}/${n}`, 'test');
    client.on('error', () => {}); // the test that needs it fails by itself
    await client.connect();
    clients.push(client);
  }
  // Else the first of each would be sent as a text, past what the worlds look at.
  for (const { text } of [LEASE, KEEP, DROP, GIVE_BACK]) await clients[0]?.scriptLoad(text);
}, 30_000);
afterAll(() => {
  for (const client of clients) client.destroy();
});

type MakeReader = Parameters<InterleavedWorld['run']>[0];

/** What went wrong in these worlds. */
async function faultsOf(plans: Plan[], make: MakeReader): Promise<string[]> {
  const worlds = plans.map(async (one, n) => {
    const client = clients[n] as RedisClient;
    await client.flushDb();
    const world = new InterleavedWorld(one, client);
    await world.run(make);
    return world.faults.map((fault) => `world ${n}: ${fault}`);
  });
  return (await Promise.all(worlds)).flat();
}

const worlds = fc.array(plan, { minLength: AT_ONCE, maxLength: AT_ONCE });

describe(`${AT_ONCE * RUNS} interleavings of readers, writers, renewals, evictions, and of commands lost or late`, () => {
  const protectedReader: MakeReader = (link, world) => cachedReader(new RedisCache(link), world);

  it('show no reader a value older than a write that was confirmed, or answered in its own process, before', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (plans) => expect(await faultsOf(plans, protectedReader)).toEqual([])),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 180_000);

  it.each<[string, MakeReader, Plan['fates'] | undefined]>([
    ['the cache as it is usually taught, though no command is lost', unprotectedReader, []],
    [
      'a cache that asks Redis once for each invalidation, and takes silence for a yes',
      (link, world) => {
        const [cache, store] = [new RedisCache(link), new CacheStore(link)];
        const drop = async (tags: string[]) => void (await store.drop(tags, [POPULAR], ''));
        return cachedReader({ through: (thing, load) => cache.through(thing, load), drop }, world);
      },
      undefined,
    ],
    [
      'a cache that keeps what it loaded whatever happened meanwhile',
      (link, world) => cachedReader(new RedisCache(keepsAnyway(link)), world),
      undefined,
    ],
    [
      'a cache that is filled from a copy of the database that is behind the last write, though no command is lost',
      (link, world) => cachedReader(new RedisCache(forgetsFloors(link)), world),
      [],
    ],
  ])(
    'catch %s',
    async (_what, make, fates) => {
      const found = await fc.check(
        fc.asyncProperty(worlds, async (plans) => {
          const fated = plans.map((one) => ({ ...one, ...(fates && { fates }) }));
          return (await faultsOf(fated, make)).length === 0;
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(found.failed).toBe(true);
    },
    180_000,
  );
});

/** Keeps entries without the tags whose versions tell that they are too old. */
function keepsAnyway(link: RedisLink): RedisLink {
  return altered(link, (client) => (sha, options) => {
    const withoutTags = { ...options, arguments: options?.arguments?.slice(0, 5) ?? [] };
    return client.evalSha(sha, sha === KEEP.sha ? withoutTags : options);
  });
}

/** Lets every load read a copy of the database that has seen nothing yet. */
function forgetsFloors(link: RedisLink): RedisLink {
  return altered(link, (client) => async (sha, options) => {
    const reply = await client.evalSha(sha, options);
    return sha === LEASE.sha && Array.isArray(reply) && reply.length === 4 ? [...reply.slice(0, 3), '0000'] : reply;
  });
}

function altered(link: RedisLink, evalSha: (client: RedisClient) => RedisClient['evalSha']): RedisLink {
  const alter = (client: RedisClient) =>
    Object.assign(Object.create(client) as RedisClient, { evalSha: evalSha(client) });
  return { call: (command) => link.call((client) => command(alter(client))), close: () => link.close() };
}
