import type { JobType } from 'bullmq';
import { QUEUES, type QueueName } from './queue-names.ts';
import { inTime, type Queues } from './queues.ts';

/** How a queue stands, from the row in the outbox to the effect. */
export interface QueueState {
  queue: QueueName;
  /** Rows that were not handed over yet. */
  outbox: number;
  /** Rows handed over and not done. */
  handed: number;
  /** Of what is not done: how long ago the oldest was asked for, in milliseconds; 0 when all is done. */
  oldestMs: number;
  /** Rows given up. */
  givenUp: number;
  /** What the queue itself has, by state; undefined when it can't be reached. */
  jobs: { waiting: number; active: number; delayed: number; failed: number } | undefined;
}

/** A job that no try could do. */
export interface GivenUp {
  id: string;
  queue: string;
  job: string;
  reason: string;
  failedAt: string;
}

/** Runs a statement on any of the databases. */
export type Ask = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

const STATES: JobType[] = ['waiting', 'active', 'delayed', 'failed'];

/** @param queues - May be out of reach. */
export async function queueStates(ask: Ask, queues: Queues): Promise<QueueState[]> {
  const rows = await ask<Record<'queue' | 'outbox' | 'handed' | 'failed' | 'oldest', string>>(
    `SELECT queue, count(*) FILTER (WHERE handed_at IS NULL AND failed_at IS NULL) AS outbox,
       count(*) FILTER (WHERE handed_at IS NOT NULL AND failed_at IS NULL) AS handed,
       count(failed_at) AS failed, min(created_at) FILTER (WHERE failed_at IS NULL) AS oldest
     FROM outbox GROUP BY queue`,
  );
  return Promise.all(
    QUEUES.map(async (queue) => {
      const row = rows.find((one) => one.queue === queue);
      return {
        ...{
          queue,
          outbox: Number(row?.outbox ?? 0),
          handed: Number(row?.handed ?? 0),
          givenUp: Number(row?.failed ?? 0),
        },
        oldestMs: row?.oldest ? Math.max(0, Date.now() - Number(row.oldest)) : 0,
        jobs: await inTime(queues.of(queue).getJobCounts(...STATES))
          .then(({ waiting = 0, active = 0, delayed = 0, failed = 0 }) => ({ waiting, active, delayed, failed }))
          .catch(() => undefined),
      };
    }),
  );
}

/** Those given up last, the newest first. */
export function givenUp(ask: Ask, limit: number): Promise<GivenUp[]> {
  return ask<GivenUp>(
    `SELECT id, queue, job->>'name' AS job, reason, to_timestamp(failed_at / 1000)::text AS "failedAt"
     FROM outbox WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT $1`,
    [limit],
  );
}
