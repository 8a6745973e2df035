import { fileURLToPath } from 'node:url';
import { createLogger, type Mailer, type Resource, Resources, runInBackground, smtpMailer } from '@day90/core';
import { defineTopology, type Instance, launch, type MailSink, startMailSink } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { sqlRecommend } from 'stage-1';
import { data } from 'stage-3/boxes';
import { openCluster } from 'stage-4';
import { databaseOptions, databases } from 'stage-4/boxes';
import { jobDoer, openQueues, outboxBell, relayOutbox, workQueues } from 'stage-6';
import { outboxJobs } from 'stage-6/app';
import { queue } from '../src/boxes.ts';

export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

const topology = defineTopology({
  stage: 'stage-6',
  variant: 'parts',
  data,
  door: 'queue',
  options: databaseOptions,
  boxes: { db: databases(16_004, { cpu: 1 }), queue: queue(16_007) },
  hello: [
    [1, 2].map((n) => `postgres://day90_app:\${secret:db-app}@127.0.0.1:\${port:db-${n}}/day90`).join(),
    'redis://jobs:${secret:queue}@127.0.0.1:${port:queue}',
    'redis://operator:${secret:queue-operator}@127.0.0.1:${port:queue}',
  ],
});

export const RELAY = { logger, QUEUE_MOST_JOBS: 1000, HAND_OVER_AGAIN_MS: 1000 };
const WORKERS = {
  ...{ logger, BOX: 'worker-1', atOnce: { mails: 4, recommendations: 2, pictures: 1 } },
  ...{ JOB_LOCK_MS: 3000, JOB_MOST_STALLED: 10, STALLED_CHECK_MS: 1000 },
};

/** Mail server, database and queue as the stage has them, for all tests of a file; ended after the last of them. */
export function queueOfThisFile(name: string, { databases: count = 1, lag = 'none' } = {}) {
  let instance: Instance | undefined;
  let sink: MailSink | undefined;
  const opened = new Resources();
  beforeAll(async () => {
    sink = await startMailSink({ port: 0, delayMs: 0 });
    instance = await launch(topology, {
      ...{ folder: fileURLToPath(new URL('..', import.meta.url)), instance: `test-stage-6-${name}-${process.pid}` },
      ...{ scale: 'small', ports: 'free', quiet: true, throwAway: true, budgets: false, onProgress: () => {} },
      ...{ replicas: { db: count }, options: { lag } },
    });
  }, 120_000);
  afterAll(async () => {
    await opened.close();
    await instance?.stop();
    await sink?.stop();
  }, 180_000);

  const up = () => instance as Instance;
  const at = (index: number) => up().hello[index] as string;
  return {
    opened,
    instance: up,
    urls: () => ({ databases: at(0).split(',').slice(0, count), queue: at(1), operator: at(2) }),
    sink: () => sink as MailSink,
    /** The databases as a process of its own has them. */
    async database() {
      const db = opened.use(openCluster(at(0).split(',').slice(0, count), { logger, pool: 8, maxLagMs: 1000 }));
      const isReady = async () => {
        await db.ready?.();
        return true;
      };
      await eventually(() => isReady().catch(() => false), Boolean, 10_000);
      return db.primary;
    },
    async queues() {
      const queues = opened.use(openQueues(at(1), logger));
      await queues.of('mails').waitUntilReady();
      return queues;
    },
  };
}

export type QueueOfThisFile = ReturnType<typeof queueOfThisFile>;
type Db = Awaited<ReturnType<QueueOfThisFile['database']>>;

/** Everything from a route's `enqueue` to a mail that was accepted. */
export async function wholeWay(file: QueueOfThisFile, relay: Partial<typeof RELAY> = {}) {
  const db = await file.database();
  const queues = await file.queues();
  const { queue: url, databases } = file.urls();
  file.opened.use(relayOutbox(db, queues, outboxBell(databases), { ...RELAY, ...relay }));
  file.opened.use(worker(db, url, smtpMailer(`smtp://127.0.0.1:${file.sink().port}`, 'hello@day90.test')));
  return { db, queues, jobs: outboxJobs(db) };
}

/** A worker as the stage has it, but for its patience. */
export function worker(db: Db, queueUrl: string, mailer: Mailer, own: Partial<WorkersOptions> = {}): Resource {
  const tools = { db, mailer, recommend: sqlRecommend(db), mailDomain: 'day90.test', logger };
  return workQueues(queueUrl, jobDoer(tools), { ...WORKERS, ...own });
}

type WorkersOptions = Parameters<typeof workQueues>[2];

/** Runs a statement by itself. */
export function ask<Row>(db: Db, sql: string, values: unknown[] = []): Promise<Row[]> {
  return runInBackground(db.transactor, () => db.run<Row>({ sql, values }));
}
