import type { Logger, Resource } from '@day90/core';
import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';

/** connect-redis on a client with the settings it comes with: a command waits for its answer, however long that takes. */
export function stockSessions(url: string, logger: Logger): RedisStore & Resource {
  const client = createClient({ url, disableClientInfo: true });
  client.on('error', (error) => logger.error({ err: error }, 'session store is out of reach'));
  client.connect().catch(() => undefined);
  const store = new RedisStore({ client, prefix: 'session:' });
  return Object.assign(store, { close: async () => client.destroy() });
}
