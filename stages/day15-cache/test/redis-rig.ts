import { fileURLToPath } from 'node:url';
import { createLogger } from '@day90/core';
import { defineTopology, type Instance, launch, redisBox } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { createClient } from 'redis';
import { RedisCache } from '../src/redis-cache.ts';
import { connectRedis, type RedisLink } from '../src/redis-link.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const APP_URL = 'redis://app:${secret:cache}@127.0.0.1:${port:cache}';
export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

const cache = redisBox('cache', 'redis.conf', 12_002);
const topology = defineTopology({
  stage: 'stage-2',
  variant: 'redis',
  door: 'cache',
  // The second user may do everything, which none of a stage's may: a test looks into the cache, and ages what is in it.
  boxes: {
    cache: { ...cache, run: [...cache.run, ...'--databases 64 --user admin on nopass ~* &* +@all'.split(' ')] },
  },
  hello: [APP_URL],
});

/** The Redis of the stage, on its own configuration, for all tests of a file. */
export class TestRedis {
  #instance: Instance | undefined;

  /** @param name - Told apart from the Redis of other files. */
  static ofThisFile(name: string): TestRedis {
    const redis = new TestRedis();
    beforeAll(async () => {
      const instance = `test-stage-2-${name}-${process.pid}`;
      redis.#instance = await launch(topology, {
        ...{ folder: FOLDER, instance, ports: 'free', quiet: true, throwAway: true },
        onProgress: () => {},
      });
    }, 180_000);
    afterAll(() => redis.#instance?.stop(), 180_000);
    return redis;
  }

  /** Where the app's user finds it. */
  get url(): string {
    return this.#up.hello[0] ?? '';
  }

  get port(): number {
    return Number(new URL(this.#up.url).port);
  }

  /** Its password may be any: without one the client would not say who it is. */
  get adminUrl(): string {
    return `redis://admin:any@127.0.0.1:${this.port}`;
  }

  /** One command of a user that may do everything. */
  admin(...command: string[]): Promise<unknown> {
    return ask(this.adminUrl, command);
  }

  freeze(): void {
    this.#up.signal('cache', 'SIGSTOP');
  }

  thaw(): void {
    this.#up.signal('cache', 'SIGCONT');
  }

  /** Kills it; it stays down. */
  async kill(): Promise<void> {
    this.#up.hold('cache');
    await this.#up.kill('cache');
  }

  /** Starts it again after {@link kill}, empty. */
  async start(): Promise<void> {
    this.#up.release('cache');
    await eventually(
      () => this.admin('PING').catch(() => undefined),
      (reply) => reply === 'PONG',
      10_000,
    );
  }

  /** Makes an entry due for its renewal now. Its end stays as it was. */
  async makeDue(key: string): Promise<void> {
    const entry = String(await this.admin('GET', key));
    await this.admin('SET', key, entry.replace(/^\d+/, '1'), 'XX', 'KEEPTTL');
  }

  /** How many invalidations there were since it was emptied. */
  async invalidations(): Promise<number> {
    return Number((await this.admin('GET', 'sequence')) ?? 0);
  }

  get #up(): Instance {
    if (!this.#instance) throw new Error('Redis did not start.');
    return this.#instance;
  }
}

/** One command on a connection of its own. */
export async function ask(url: string, command: string[]): Promise<unknown> {
  const client = createClient({ url, disableClientInfo: true, socket: { reconnectStrategy: false } });
  client.on('error', () => {}); // `connect` rejects with it
  try {
    await client.connect();
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

/** A link that has connected. */
export async function openLink(url: string): Promise<RedisLink> {
  const link = connectRedis(url, { name: 'cache', logger });
  await eventually(
    () => link.call((client) => client.ping()).catch(() => undefined),
    (reply) => reply === 'PONG',
    10_000,
  );
  return link;
}

/** A cache as one process has it, connected. */
export async function openCache(url: string): Promise<RedisCache> {
  return new RedisCache(await openLink(url));
}
