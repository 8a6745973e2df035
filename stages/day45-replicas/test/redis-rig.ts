import { fileURLToPath } from 'node:url';
import { defineTopology, type Instance, launch, redisBox } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { connectCache, connectRedis, type RedisLink } from 'stage-2';
import { logger } from './silent-logger.ts';

const topology = defineTopology({
  stage: 'stage-4',
  variant: 'redis',
  door: 'cache',
  boxes: {
    cache: redisBox('cache', '../day15-cache/redis.conf', 14_002),
    sessions: redisBox('sessions', '../day30-scaleout/redis/sessions.conf', 14_003),
  },
  hello: [
    'redis://app:${secret:cache}@127.0.0.1:${port:cache}',
    'redis://app:${secret:sessions}@127.0.0.1:${port:sessions}',
  ],
});

/** The cache's and the sessions' Redis, as the stage has them, for all tests of a file; ended after the last of them. */
export function redisOfThisFile(name: string) {
  let instance: Instance | undefined;
  beforeAll(async () => {
    instance = await launch(topology, {
      folder: fileURLToPath(new URL('..', import.meta.url)),
      instance: `test-stage-4-${name}-${process.pid}`,
      ...{ ports: 'free', quiet: true, throwAway: true },
      onProgress: () => {},
    });
  }, 180_000);
  afterAll(() => instance?.stop(), 180_000);
  const up = () => instance as Instance;
  return {
    /** A cache as one process has it, connected. */
    async cache() {
      const cache = connectCache(up().hello[0] ?? '', logger);
      await connected(cache.link);
      return cache;
    },
    /** A connection to the Redis of the sessions. */
    async sessions(): Promise<RedisLink> {
      const link = connectRedis(up().hello[1] ?? '', { name: 'sessions', logger });
      await connected(link);
      return link;
    },
    signal: (signal: NodeJS.Signals) => up().signal('sessions', signal),
  };
}

async function connected(link: RedisLink): Promise<void> {
  await eventually(
    () => link.call((client) => client.ping()).catch(() => undefined),
    (reply) => reply === 'PONG',
    10_000,
  );
}
