import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, type Resource, runInBackground, transaction } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import type { OutboxBell } from './outbox-bell.ts';
import { type OutboxRow, type OutboxRows, outboxRows } from './outbox-rows.ts';
import { QUEUES, type QueueName } from './queue-names.ts';
import { type HandedJob, handIn, inTime, type JobQueue, type Queues } from './queues.ts';

/** Rows taken at a time: their locks are held while the queue takes them. */
const BATCH = 100;
/** Looked so often without a ring, in milliseconds. */
const LOOK_MS = 1000;
/** Between two looks at least: what comes at about the same time goes together, for a fraction of the cost. */
const GATHER_MS = 20;

interface RelayOptions {
  logger: Logger;
  QUEUE_MOST_JOBS: number;
  HAND_OVER_AGAIN_MS: number;
}

/**
 * Takes rows from the outbox to their queues, for ever. A row is locked meanwhile, so several relays share the work; it counts as
 * handed over once the queue has taken it, and stays until the job's effect is in the database. What is not done after a while is
 * handed over again: most often the queue still has it, and nothing happens.
 * @param db - The primary.
 */
export function relayOutbox(db: SqlDatabase, queues: Queues, bell: OutboxBell, options: RelayOptions): Resource {
  const { logger } = options;
  const rows = outboxRows(db);
  const troubled = new Set<QueueName>();
  let closed = false;

  /** @returns Whether there may be more to hand over at once. */
  async function turn(name: QueueName): Promise<boolean> {
    try {
      const handed = await runInBackground(db.transactor, () =>
        transaction(() => handOver(rows, { name, queue: queues.of(name) }, options)),
      );
      if (troubled.delete(name)) logger.info({ queue: name }, 'jobs are handed over again');
      return handed === BATCH;
    } catch (error) {
      if (!troubled.has(name)) logger.error({ err: error, queue: name }, 'no jobs can be handed over, they wait');
      troubled.add(name);
      return false;
    }
  }

  async function run(): Promise<void> {
    await bell.wait(LOOK_MS); // it rings when it has found the primary, and before that nothing can be done
    while (!closed) {
      const more = await Promise.all(QUEUES.map(turn));
      if (more.includes(true)) continue;
      await bell.wait(LOOK_MS);
      await sleep(GATHER_MS);
    }
  }

  const running = run();
  return {
    async close() {
      closed = true;
      await bell.close();
      await running;
    },
  };
}

/** Hands one batch over. @returns How many rows. */
async function handOver(
  rows: OutboxRows,
  { name, queue }: { name: QueueName; queue: JobQueue },
  { QUEUE_MOST_JOBS, HAND_OVER_AGAIN_MS, logger }: RelayOptions,
): Promise<number> {
  const now = Date.now();
  const again = await rows.unfinished({ queue: name, before: now - HAND_OVER_AGAIN_MS, limit: BATCH });
  const room = Math.min(QUEUE_MOST_JOBS - (await rows.handed(name)), BATCH - again.length);
  const fresh = room > 0 ? await rows.waiting({ queue: name, limit: room }) : [];
  const due = [...(await stillWanted(again, rows, queue, logger)), ...fresh];
  if (due.length > 0) {
    await handIn(queue, due.map(toJob));
    await rows.noteHanded(
      due.map(({ id }) => id),
      now,
    );
  }
  return again.length + fresh.length;
}

/** Gives up those that the queue has given up, and leaves the others. */
async function stillWanted(
  again: readonly OutboxRow[],
  rows: OutboxRows,
  queue: JobQueue,
  logger: Logger,
): Promise<OutboxRow[]> {
  const known = await Promise.all(again.map(async (row) => ({ row, job: await inTime(queue.getJob(row.id)) })));
  const wanted: OutboxRow[] = [];
  for (const { row, job } of known) {
    const given = job?.finishedOn !== undefined && job.failedReason;
    if (!given) {
      wanted.push(row);
      continue;
    }
    await rows.fail(row.id, given, Date.now());
    logger.error({ jobId: row.id, requestId: row.request_id, reason: given }, 'a job was given up');
  }
  return wanted;
}

function toJob({ id, job, request_id, created_at }: OutboxRow): HandedJob {
  const delivery = { job, requestId: request_id, createdAt: Number(created_at) };
  return { id, delivery };
}
