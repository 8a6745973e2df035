import { createLogger } from '@day90/core';
import { BadInput, control, secrets } from '@day90/infra';
import pg from 'pg';
import { z } from 'zod';
import { QUEUES } from './queue-names.ts';
import type { Ask } from './queue-state.ts';
import { inTime, openQueues, type Queues } from './queues.ts';

const status = z.object({
  ready: z.object({ boxes: z.array(z.object({ name: z.string(), port: z.int().optional() })) }),
});

/** Outbox and queues of an instance that is up, for the time of `work`. */
export async function withQueues<T>(
  { workspace, instance, primary }: { workspace: string; instance: string; primary: boolean },
  work: (ask: Ask, queues: Queues) => Promise<T>,
): Promise<T> {
  const { ready } = status.parse(await control(workspace, instance, { do: 'status' }));
  const { 'db-app': app = '', queue: password = '' } = await secrets(workspace, ['db-app', 'queue']);
  const port = ready.boxes.find(({ name }) => name === 'queue')?.port;
  if (port === undefined) throw new BadInput(`${instance} has no queue`);
  const nodes = ready.boxes.filter(({ name }) => /^db-\d+$/.test(name));
  const urls = nodes.map((node) => `postgres://day90_app:${app}@127.0.0.1:${node.port}/day90`);
  const client = await firstThatAnswers(urls, primary);
  const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'queue' });
  const queues = openQueues(`redis://jobs:${password}@127.0.0.1:${port}`, logger);
  try {
    // One that is down has the time of one call, and is shown without.
    await inTime(Promise.all(QUEUES.map((name) => queues.of(name).waitUntilReady()))).catch(() => undefined);
    return await work(async (sql, values = []) => (await client.query(sql, values)).rows, queues);
  } finally {
    await client.end();
    await queues.close();
  }
}

/** @param primary - Whether it must be the one that takes writes; to look at, replicas are milliseconds behind. */
async function firstThatAnswers(urls: readonly string[], primary: boolean): Promise<pg.Client> {
  for (const connectionString of urls) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1000 });
    client.on('error', () => {}); // the query says so
    const answers = await client
      .connect()
      .then(() => client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby'))
      .catch(() => undefined);
    if (answers && !(primary && answers.rows[0]?.standby)) return client;
    await client.end().catch(() => undefined);
  }
  throw new BadInput(primary ? 'no database takes writes at the moment' : 'no database answers', {
    code: 'D90-NOT-UP',
  });
}
