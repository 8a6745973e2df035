import { randomUUID } from 'node:crypto';
import { currentContext, type Jobs } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';
import { QUEUE_OF } from './queue-names.ts';

/**
 * Writes jobs as rows beside what they follow from, in the same transaction: all are kept, or none. The queue is not asked, and
 * may be down; a relay takes the rows there.
 * @param db - The primary: where the transaction is.
 */
export function outboxJobs(db: SqlDatabase): Jobs {
  // One statement for however many: to send and to read one costs an app more than a row does.
  const add = hotStatement<{ requestId: string; at: number; rows: string }, never>(db, 'add-to-outbox', (dialect, $) =>
    dialect.raw(
      `INSERT INTO outbox (id, queue, job, request_id, created_at)
       SELECT id, queue, job, ?, ? FROM json_to_recordset(?) AS rows (id uuid, queue text, job json)`,
      [$('requestId'), $('at'), $('rows')],
    ),
  );
  return {
    async enqueue(...jobs) {
      const rows = jobs.map((job) => ({ id: randomUUID(), queue: QUEUE_OF[job.name], job }));
      await add({ requestId: currentContext()?.requestId ?? '', at: Date.now(), rows: JSON.stringify(rows) });
    },
  };
}
