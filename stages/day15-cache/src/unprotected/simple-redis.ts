import type { Logger, Resource } from '@day90/core';
import { createClient } from 'redis';

/** The client with the settings it comes with: commands wait for a connection for as long as it takes. */
export interface SimpleRedis {
  get(key: string): Promise<string | null>;
  setEx(key: string, seconds: number, value: string): Promise<unknown>;
  del(keys: string[]): Promise<unknown>;
}

export async function openSimpleRedis(url: string, logger: Logger): Promise<SimpleRedis & Resource> {
  const client = createClient({ url, disableClientInfo: true });
  client.on('error', (error) => logger.error({ err: error }, 'cache is out of reach'));
  await client.connect();
  return {
    get: (key) => client.get(key),
    setEx: (key, seconds, value) => client.setEx(key, seconds, value),
    del: (keys) => client.del(keys),
    close: async () => client.destroy(),
  };
}
