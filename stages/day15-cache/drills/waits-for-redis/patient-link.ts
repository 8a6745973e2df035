import type { Logger } from '@day90/core';
import { createClient } from 'redis';
import type { RedisLink } from 'stage-2';

/** A connection with the settings that the client comes with: a command waits for its answer, however long that takes. */
export function patientLink(url: string, logger: Logger): RedisLink {
  const client = createClient({ url, disableClientInfo: true });
  client.on('error', (error) => logger.error({ err: error }, 'cache is out of reach'));
  client.connect().catch(() => undefined);
  return {
    call: (command) => command(client as Parameters<typeof command>[0]),
    close: async () => client.destroy(),
  };
}
