import { asReader, Json, openHandle, type Post, type Posts, runInBackground, transaction } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CacheLives, cachedPosts } from 'stage-2';
import { type Cluster, clusterOf } from '../src/cluster.ts';
import { type Answer, type Draft, type FakeServer, threeServers } from './fake-servers.ts';
import { redisOfThisFile } from './redis-rig.ts';
import { logger } from './silent-logger.ts';

const LIVES: CacheLives = { CACHE_POST_SECONDS: 60, CACHE_POPULAR_SECONDS: 600, CACHE_USER_SECONDS: 3600 };
const POSTS = 12;

const redis = redisOfThisFile('meets-the-cache');
let servers: [FakeServer, FakeServer, FakeServer];
let cluster: Cluster;
let caches: Awaited<ReturnType<typeof redis.cache>>[];
let posts: Posts[];

/** Posts on fake servers: the title is the last write that names the post. @param read - How a load asks the servers. */
function onServers(read: (work: () => Promise<Answer[]>) => Promise<Answer[]> = (work) => work()): Posts {
  const findById = async (id: string) => {
    const [answer] = await read(() => cluster.reads.run<Answer>({ sql: 'SELECT', values: [] }));
    const title = answer?.log.findLast((write) => write.startsWith(`${id}:`)) ?? 'none';
    return Json.of({ id, title } as Post);
  };
  const update: Posts['update'] = async (id, _author, { title }) => {
    (openHandle() as Draft).writes.push(`${id}:${title}`);
    return Json.of({ id, title } as Post);
  };
  return { findById, update } as Posts;
}

async function open(source: Posts): Promise<void> {
  caches = [await redis.cache(), await redis.cache()];
  posts = caches.map((cache) => cachedPosts(source, cache, LIVES));
}

const request = <T>(work: () => Promise<T>) => runInBackground(cluster.primary.transactor, work);
const titleOf = (process: 0 | 1, id: string) =>
  request(async () => (await posts[process]?.findById(id))?.value.title.split(':')[1]);
const retitle = (process: 0 | 1, id: string, title: string) =>
  request(() => transaction(async () => posts[process]?.update(id, 'author', { title })));
const catchUp = () => {
  for (const server of servers.slice(1)) server.follow(servers[0]);
};

beforeEach(async () => {
  servers = threeServers();
  cluster = clusterOf(servers, { logger, pool: 10, maxLagMs: 60_000 }); // they lag, and are read all the same
  await eventually(
    async () =>
      cluster.ready?.().then(
        () => true,
        () => false,
      ),
    Boolean,
  );
  await new Promise((resolve) => setTimeout(resolve, 150)); // all three were looked at
});
afterEach(async () => {
  for (const cache of caches) {
    await cache.link.call((client) => client.del(['floor', ...Array.from({ length: POSTS }, (_, n) => `post:${n}`)]));
    await cache.close();
  }
  await cluster.close();
});

/** Edits each post over one process, with replicas that have stopped before, and reads it over the other. */
async function editAll(): Promise<(string | undefined)[]> {
  const shown: (string | undefined)[] = [];
  await titleOf(1, '0');
  for (let n = 0; n < POSTS; n++) {
    await retitle(0, String(n), 'new');
    shown.push(await titleOf(1, String(n)));
  }
  return shown;
}

describe('the cache over replicas that lag', () => {
  it('is never filled with what was there before a write that has ended the entry', async () => {
    await open(onServers());
    expect(await editAll()).toEqual(Array.from({ length: POSTS }, () => 'new'));
    expect(servers[1].log).toHaveLength(1);
  });

  it('would be, and show it to everybody for its whole life, did a load not ask for the position of that write', async () => {
    const anyone = { floor: async () => '', saw: async () => {} };
    await open(onServers((work) => asReader(anyone, work)));
    expect(await editAll()).toContain(undefined);
  });

  it('is filled from the primary alone when Redis has forgotten where the last write was', async () => {
    await open(onServers());
    await retitle(0, '1', 'new');
    await caches[0]?.link.call((client) => client.del(['floor', 'post:1']));
    expect(await titleOf(1, '1')).toBe('new');
    await eventually(
      async () => caches[0]?.link.call((client) => client.get('floor')),
      (floor) => floor === '000000010000000000000002',
    );
  });

  it('is filled from any of them once they have the write', async () => {
    await open(onServers());
    await titleOf(1, '0');
    await retitle(0, '0', 'new');
    catchUp();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const before = servers.map(({ asked }) => asked);
    for (let n = 1; n < POSTS; n++) await titleOf(1, String(n));
    const asked = servers.map((server, i) => server.asked - (before[i] ?? 0));
    expect(asked.every((count) => count > 0)).toBe(true);
  });

  it('lets whoever was shown an entry see no less in what is not cached', async () => {
    await open(onServers());
    await titleOf(1, '0');
    await retitle(0, '0', 'new');
    await titleOf(0, '0');
    const seen: string[] = [];
    const reader = { floor: async () => '', saw: async (position: string) => void seen.push(position) };
    await request(() => asReader(reader, async () => posts[1]?.findById('0')));
    expect(seen).toEqual(['000000010000000000000002']);
  });
});
