import { type JobTools, runInBackground, runJob } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import { readDelivery } from '../../src/delivery.ts';
import type { Outcome } from '../../src/do-job.ts';
import { outboxRows } from '../../src/outbox-rows.ts';

/** Does each job that comes, as if the queue had handed it out once and for ever. */
export function forgetfulDoer({ db, ...tools }: JobTools & { db: SqlDatabase }) {
  const rows = outboxRows(db);
  return async (rawId: string | undefined, data: unknown): Promise<Outcome> => {
    const { id, job, requestId } = readDelivery(rawId, data);
    await runInBackground(
      db.transactor,
      async () => {
        await runJob(job, tools);
        await rows.remove(id);
      },
      requestId,
    );
    tools.logger.info({ requestId, jobId: id, job: job.name, outcome: 'done' }, 'job');
    return 'done';
  };
}
