import type { Job } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';
import type { QueueName } from './queue-names.ts';

/** A job that waits, or was handed over and is not done. */
export interface OutboxRow {
  id: string;
  job: Job;
  request_id: string;
  created_at: string;
}

/** The statements of relay and workers on the outbox. Those that lock rows pass over what somebody else has locked. */
export interface OutboxRows {
  /** Rows that nobody has handed over yet, the oldest first; locked for the transaction. */
  waiting(of: { queue: QueueName; limit: number }): Promise<OutboxRow[]>;
  /** Rows handed over before that moment and not done; locked for the transaction. */
  unfinished(of: { queue: QueueName; before: number; limit: number }): Promise<OutboxRow[]>;
  /** How many are handed over and not done. */
  handed(queue: QueueName): Promise<number>;
  noteHanded(ids: readonly string[], at: number): Promise<void>;
  /** Gives a job up, visibly. */
  fail(id: string, reason: string, at: number): Promise<void>;
  /** The job is done: its row is needed no more. */
  remove(id: string): Promise<void>;
}

/** @param db - The primary. */
export function outboxRows(db: SqlDatabase): OutboxRows {
  const waiting = hotStatement<{ queue: string; limit: number }, OutboxRow>(db, 'outbox-waiting', (dialect, $) =>
    dialect('outbox')
      .select('id', 'job', 'request_id', 'created_at')
      .where('queue', $('queue'))
      .whereNull('handed_at')
      .whereNull('failed_at')
      .orderBy('created_at')
      .limit($('limit'))
      .forUpdate()
      .skipLocked(),
  );
  const unfinished = hotStatement<{ queue: string; before: number; limit: number }, OutboxRow>(
    db,
    'outbox-unfinished',
    (dialect, $) =>
      dialect('outbox')
        .select('id', 'job', 'request_id', 'created_at')
        .where('queue', $('queue'))
        .where('handed_at', '<', $('before'))
        .whereNull('failed_at')
        .orderBy('handed_at')
        .limit($('limit'))
        .forUpdate()
        .skipLocked(),
  );
  const handed = hotStatement<{ queue: string }, { count: string }>(db, 'outbox-handed', (dialect, $) =>
    dialect('outbox').count('*').where('queue', $('queue')).whereNotNull('handed_at').whereNull('failed_at'),
  );
  const noteHanded = hotStatement<{ at: number; ids: readonly string[] }, never>(
    db,
    'outbox-note-handed',
    (dialect, $) =>
      dialect.raw('UPDATE outbox SET handed_at = ? WHERE id = ANY(CAST(? AS uuid[]))', [$('at'), $('ids')]),
  );
  const fail = hotStatement<{ at: number; reason: string; id: string }, never>(db, 'outbox-fail', (dialect, $) =>
    dialect.raw('UPDATE outbox SET failed_at = ?, reason = ? WHERE id = ?', [$('at'), $('reason'), $('id')]),
  );
  const remove = hotStatement<{ id: string }, never>(db, 'outbox-remove', (dialect, $) =>
    dialect('outbox').where('id', $('id')).delete(),
  );
  return {
    waiting,
    unfinished,
    handed: async (queue) => Number((await handed({ queue }))[0]?.count),
    noteHanded: async (ids, at) => void (await noteHanded({ ids, at })),
    fail: async (id, reason, at) => void (await fail({ id, reason, at })),
    remove: async (id) => void (await remove({ id })),
  };
}
