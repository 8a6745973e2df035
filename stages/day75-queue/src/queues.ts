import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Resource } from '@day90/core';
import { type JobsOptions, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Delivery } from './delivery.ts';
import { QUEUES, type QueueName } from './queue-names.ts';

/** Keys in queue.conf are bound to it. */
export const PREFIX = 'jobs';
/** A call that was not answered by then is not waited for: the queue is down, and the row is handed over later. */
const DEADLINE_MS = 1000;
const MOST_BETWEEN_TRIES_MS = 1000;

/**
 * Eight tries over about two minutes, at random within the second half of each pause so that jobs that failed together do not
 * come back together. One that is done leaves nothing: that it was is noted in the database. Failed ones stay for a look.
 * @see https://docs.bullmq.io/guide/retrying-failing-jobs
 */
const OPTIONS: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
  stackTraceLimit: 3,
};

export type JobQueue = Queue<Delivery>;

/** The queues, for who puts jobs into them or looks at them. */
export interface Queues extends Resource {
  of(name: QueueName): JobQueue;
}

/** One job for {@link handIn}. */
export interface HandedJob {
  /** Of its row, and so the same each time: a queue that still has it takes it for the one it has. */
  id: string;
  delivery: Delivery;
}

/** Opens the queues: at once, connecting in the background and again whenever the connection is lost. */
export function openQueues(url: string, logger: Logger): Queues {
  const redis = connectQueue(url, logger, { enableOfflineQueue: false, commandTimeout: DEADLINE_MS });
  const open = new Map(
    QUEUES.map((name) => [
      name,
      new Queue<Delivery>(name, {
        connection: redis,
        prefix: PREFIX,
        skipMetasUpdate: true,
      }),
    ]),
  );
  for (const queue of open.values()) queue.on('error', () => {}); // of the connection, which has said so
  return {
    of: (name) => open.get(name) as JobQueue,
    async close() {
      await inTime(Promise.all([...open.values()].map((queue) => queue.close()))).catch(() => undefined); // it may be frozen
      redis.disconnect();
    },
  };
}

/** Puts jobs into a queue; those it has are left as they are. Rejects when it is out of reach: some may be in it then. */
export async function handIn(queue: JobQueue, jobs: readonly HandedJob[]): Promise<void> {
  const added = jobs.map(({ id, delivery }) => ({
    ...{ name: delivery.job.name, data: delivery },
    opts: { ...OPTIONS, jobId: id },
  }));
  await inTime(queue.addBulk(added));
}

/** Gives up a call of a queue that is away or frozen: a queue waits for its connection as long as that takes. */
export async function inTime<T>(call: Promise<T>): Promise<T> {
  call.catch(() => undefined); // nobody hears it when it is given up
  const over = new AbortController();
  const late = sleep(DEADLINE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`The queue did not answer within ${DEADLINE_MS / 1000} s.`);
  });
  late.catch(() => undefined);
  return Promise.race([call, late]).finally(() => over.abort());
}

/** A connection to the Redis of the queues, which says once when it is lost and once when it is back. */
export function connectQueue(
  url: string,
  logger: Logger,
  options: { enableOfflineQueue?: boolean; commandTimeout?: number } = {},
): Redis {
  const redis = new Redis(url, {
    ...options,
    maxRetriesPerRequest: null, // BullMQ asks for it: its workers wait for jobs, and for a queue that is away
    retryStrategy: (tries) => Math.min(MOST_BETWEEN_TRIES_MS, 50 * 2 ** tries) * (0.5 + Math.random() / 2),
  });
  let lost = false;
  redis.on('error', (error: Error) => {
    if (!lost) logger.error({ err: error }, 'the queue is out of reach');
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) logger.info('the queue is back');
    lost = false;
  });
  return redis;
}
