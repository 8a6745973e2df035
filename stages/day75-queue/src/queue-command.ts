import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@day90/core';
import { BadInput, control, secrets, table, workspaceRoot } from '@day90/infra';
import { Command } from 'commander';
import pg from 'pg';
import { z } from 'zod';
import { type GivenUp, givenUp, type QueueState, queueStates } from './queue-state.ts';
import { openQueues } from './queues.ts';

const SHOWN = 10;
/** So long a queue has to be connected, in milliseconds: it is shown without, when it is down. */
const CONNECT_MS = 500;

const status = z.object({
  ready: z.object({ boxes: z.array(z.object({ name: z.string(), port: z.int().optional() })) }),
});

const command = new Command('queue')
  .description('shows how far the jobs of an instance are that is up')
  .option('--instance <name>', 'name of the run', 'stage-6')
  .option('--json', 'print it as JSON')
  .action(async ({ instance, json }: { instance: string; json?: boolean }) => {
    const { states, failed } = await look(workspaceRoot(process.cwd()), instance);
    console.log(
      json ? JSON.stringify({ schema: 1, queues: states, givenUp: failed }, null, 2) : inWords(states, failed),
    );
  });

async function look(workspace: string, instance: string) {
  const { ready } = status.parse(await control(workspace, instance, { do: 'status' }));
  const { 'db-app': app = '', queue: password = '' } = await secrets(workspace, ['db-app', 'queue']);
  const [port] = ready.boxes.flatMap((box) => (box.name === 'queue' ? (box.port ?? []) : []));
  const queues = openQueues(
    `redis://jobs:${password}@127.0.0.1:${port}`,
    createLogger({ LOG_LEVEL: 'silent', BOX: 'queue' }),
  );
  const nodes = ready.boxes.filter(({ name }) => name.startsWith('db-'));
  const client = await firstThatAnswers(
    nodes.map((node) => `postgres://day90_app:${app}@127.0.0.1:${node.port}/day90`),
  );
  try {
    await sleep(CONNECT_MS);
    const ask = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows;
    return { states: await queueStates(ask, queues), failed: await givenUp(ask, SHOWN) };
  } finally {
    await client.end();
    await queues.close();
  }
}

/** Any will do: replicas are milliseconds behind. */
async function firstThatAnswers(urls: readonly string[]): Promise<pg.Client> {
  for (const connectionString of urls) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1000 });
    client.on('error', () => {}); // the query says so
    if (
      await client.connect().then(
        () => true,
        () => false,
      )
    )
      return client;
  }
  throw new BadInput('no database answers');
}

function inWords(states: readonly QueueState[], failed: readonly GivenUp[]): string {
  const head = ['queue', 'in the outbox', 'handed over', 'at work', 'to be tried again', 'given up', 'oldest'];
  const rows = states.map(({ queue, outbox, handed, oldestMs, givenUp: up, jobs }) => {
    const numbers = [outbox, handed, jobs?.active ?? '?', jobs?.delayed ?? '?', up].map(String);
    return [queue, ...numbers, `${(oldestMs / 1000).toFixed(1)} s`];
  });
  const reasons = failed.map(({ failedAt, job, id, reason }) => [failedAt, job, id, reason]);
  const away = states.some(({ jobs }) => jobs === undefined)
    ? ['the queue is out of reach; jobs wait in the outbox']
    : [];
  const last = reasons.length > 0 ? [`given up last:\n${table(reasons)}`] : [];
  return [table([head, ...rows], ''), ...away, ...last].join('\n\n');
}

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof BadInput ? error.message : error);
  process.exitCode = 1;
}
