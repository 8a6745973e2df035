import { randomUUID } from 'node:crypto';
import { afterCommit, currentContext, type Job, type Jobs, type Logger } from '@day90/core';
import { QUEUE_OF } from '../queue-names.ts';
import { handIn, type Queues } from '../queues.ts';

/**
 * Puts each job into its queue once what it follows from is committed, as is usually taught. A process that dies between the
 * two, or a queue that is away or forgets, leaves a member without a mail, and nobody knows.
 */
export function enqueueAfterInsert(queues: Queues, logger: Logger): Jobs {
  async function put(job: Job, requestId: string): Promise<void> {
    const delivery = { job, requestId, createdAt: Date.now() };
    await handIn(queues.of(QUEUE_OF[job.name]), [{ id: randomUUID(), delivery }]).catch((error: unknown) =>
      logger.error({ err: error, job: job.name }, 'a job was not taken by its queue, and is lost'),
    );
  }
  return {
    async enqueue(...jobs) {
      const requestId = currentContext()?.requestId ?? '';
      for (const job of jobs) await afterCommit(() => put(job, requestId));
    },
  };
}
