import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  compareBlocks,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  type PairedBlock,
  resultBlocks,
  seededRandom,
  withInstances,
} from '@day90/bench';
import { createLogger, runInBackground, transaction } from '@day90/core';
import type { Instance } from '@day90/infra';
import { hotStatement, sqlUsers } from 'stage-1';
import { openPostgres } from 'stage-3';
import { outboxJobs } from 'stage-6/app';
import { asApp } from '../drills/as-app.ts';
import { topology } from './enqueue/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** What both rows of a sign-up may cost its app, in microseconds of CPU. */
const MOST_US = 60;
/** Sign-ups of each way in a block, in so many parts by turns: what the machine gives drifts within a second. */
const SIGNUPS = 240;
const SLICES = 4;
const WARMUP = 1500;

/** CPU time of a sign-up's transaction: without jobs, with a statement that does nothing, with jobs, and with jobs once more. */
type Way = 'plain' | 'trip' | 'jobs' | 'again';
type Costs = Record<Way, number>;

/** Signs members up in this process, with and without the rows of their jobs, and reads its CPU time. */
export const enqueue: MeasuredClaim = {
  kind: 'measured',
  id: 'enqueue',
  title: 'What a sign-up pays for its two jobs: two rows in the transaction that it has anyway',
  proves: ['T11'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 60,
  quickSeconds: 40,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const env = { relay: { QUEUE_MOST_JOBS: '1000000' } };
  const wanted = [{ name: 'enqueue', topology, folder: FOLDER, budgets: false, replicas: { db: 1 }, env }];
  return withInstances(context, wanted, async ([instance]) => {
    if (!instance) throw new Error('the stage is needed');
    const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'bench' });
    const db = openPostgres(instance.hello[0] ?? '', { logger, pool: 1 });
    try {
      const sign = signer(db);
      const plan = context.quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 26, leastBlocks: 20 };
      for (const way of ['plain', 'trip', 'jobs'] as const) await sign(way, WARMUP);
      await untilHandedOver(instance);
      const random = seededRandom(context.seed);
      const relayBefore = instance.usage('relay').cpuMicros;
      const costs: Costs[] = [];
      const startedAt = performance.now();
      for (let i = 0; i < plan.blocks; i += 1) {
        costs.push(await oneBlock(sign, random));
        await context.progress((i + 1) / plan.blocks);
      }
      const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
      await untilHandedOver(instance);
      const relayMicros = instance.usage('relay').cpuMicros - relayBefore;
      const rows = plan.blocks * SIGNUPS * 2 * 2;
      return judge(context, costs, { blockSeconds, leastBlocks: plan.leastBlocks, relayUs: relayMicros / rows });
    } finally {
      await db.close();
    }
  });
}

/** @returns Signs so many up one after the other, and tells the CPU time of each in microseconds. */
function signer(db: ReturnType<typeof openPostgres>): (way: Way, count: number) => Promise<number> {
  const [users, jobs] = [sqlUsers(db), outboxJobs(db)];
  const nothing = hotStatement<{ one: number }, never>(db, 'nothing', (dialect, $) =>
    dialect.raw('SELECT WHERE 0 = CAST(? AS integer)', [$('one')]),
  );
  const signUp = (way: Way) =>
    transaction(async () => {
      const email = `${randomUUID()}@day90.test`;
      const user = await users.create({ name: 'Ada', email, passwordHash: 'none' });
      if (way === 'plain') return;
      if (way === 'trip') return void (await nothing({ one: 1 }));
      const mail = { name: 'welcome-mail', to: email, userName: 'Ada' } as const;
      await jobs.enqueue(mail, { name: 'recommendations', userId: user?.id ?? '' });
    });
  return async (way, count) => {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i += 1) await runInBackground(db.transactor, () => signUp(way));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
}

async function oneBlock(sign: ReturnType<typeof signer>, random: () => number): Promise<Costs> {
  const costs: Costs = { plain: 0, trip: 0, jobs: 0, again: 0 };
  for (let i = 0; i < SLICES; i += 1) {
    const order = (Object.keys(costs) as Way[]).map((way) => ({ way, at: random() })).sort((a, b) => a.at - b.at);
    for (const { way } of order) costs[way] += (await sign(way, SIGNUPS / SLICES)) / SLICES;
  }
  return costs;
}

async function untilHandedOver(instance: Instance): Promise<void> {
  for (;;) {
    const [row] = await asApp<{ left: string }>(
      { instance },
      'SELECT count(*) AS left FROM outbox WHERE handed_at IS NULL',
    );
    if (row?.left === '0') return;
    await sleep(100);
  }
}

function judge(
  { seed, judged }: MeasureContext,
  costs: readonly Costs[],
  { blockSeconds, leastBlocks, relayUs }: { blockSeconds: number; leastBlocks: number; relayUs: number },
): Measurement {
  const pairs: PairedBlock[] = costs.map(({ plain, jobs, again }) => ({
    before: plain,
    after: mean([jobs, again]),
    aa: [jobs, again],
  }));
  const comparison = compareBlocks(pairs, { seed, leastBlocks });
  const added = pairs.map(({ before, after }) => after - before);
  return {
    metric: "CPU of the app for a sign-up's transaction",
    unit: 'µs',
    comparison,
    arms: [
      { name: 'before', label: 'the member alone', cpuPerRequestUs: mean(pairs.map(({ before }) => before)) },
      { name: 'after', label: 'and two jobs', cpuPerRequestUs: mean(pairs.map(({ after }) => after)) },
    ],
    values: [
      measuredValue('CPU of the app for both jobs', 'µs', added, judged ? { op: '<=', value: MOST_US } : undefined),
      measuredValue(
        'CPU of the app for a statement that does nothing',
        'µs',
        costs.map(({ plain, trip }) => trip - plain),
      ),
      measuredValue('CPU of the relay for a job', 'µs', relayUs),
    ],
    blocks: resultBlocks(pairs, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    budgets: 'none',
    notes: [
      `${costs.length} blocks of ${SIGNUPS} transactions each way, in ${SLICES} parts by turns in random order, one after the other on one connection: a member is stored, without and with the two rows of the outbox, which one statement writes; beside it with a statement that does nothing. No password is hashed.`,
      "CPU time is that of the bench's own process, all threads; the database's is not in it.",
      'The relay hands over what is written meanwhile: its CPU time by the number of jobs, waking up and looking around included.',
      'A/A: the transaction with jobs measured twice in each block.',
    ],
  };
}
