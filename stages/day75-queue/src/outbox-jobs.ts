import { randomUUID } from 'node:crypto';
import { currentContext, type Jobs } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';
import { QUEUE_OF } from './queue-names.ts';

/**
 * Writes each job as a row beside what it follows from, in the same transaction: both are kept, or neither. The queue is not
 * asked, and may be down; a relay takes the rows there.
 * @param db - The primary: where the transaction is.
 */
export function outboxJobs(db: SqlDatabase): Jobs {
  const add = hotStatement<Record<(typeof COLUMNS)[number], unknown>, never>(db, 'add-to-outbox', (dialect, $) =>
    dialect('outbox').insert(Object.fromEntries(COLUMNS.map((column) => [column, $(column)]))),
  );
  return {
    async enqueue(job) {
      const requestId = currentContext()?.requestId ?? '';
      await add({
        ...{ id: randomUUID(), queue: QUEUE_OF[job.name], job: JSON.stringify(job) },
        ...{ request_id: requestId, created_at: Date.now() },
      });
    },
  };
}

const COLUMNS = ['id', 'queue', 'job', 'request_id', 'created_at'] as const;
