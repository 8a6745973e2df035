import { type JobTools, type Mailer, runInBackground, runJob, transaction } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import { readDelivery } from './delivery.ts';
import { type JobEffects, jobEffects } from './job-effects.ts';
import { type OutboxRows, outboxRows } from './outbox-rows.ts';

/** What became of a delivery: done now, or before by another one. */
export type Outcome = 'done' | 'was done';

/**
 * Does what came out of the queue. Rejects when it could not be done.
 * @param handedAt - When the queue was given it, in milliseconds since 1970 UTC.
 */
export type DoJob = (id: string | undefined, data: unknown, handedAt: number) => Promise<Outcome>;

interface Tools extends JobTools {
  /** The primary: what a job reads was written a moment ago, and its effect is written there. */
  db: SqlDatabase;
  /** Behind the @ of a Message-ID. */
  mailDomain: string;
}

/** Does jobs as they come out of the queue, each to one effect, however often it comes. */
export function jobDoer({ db, mailDomain, ...tools }: Tools): DoJob {
  const parts = { effects: jobEffects(db), rows: outboxRows(db) };
  return async (rawId, data, handedAt) => {
    const { id, job, requestId, createdAt } = readDelivery(rawId, data);
    const takenAt = Date.now();
    const mailer = withMessageId(tools.mailer, `<${id}@${mailDomain}>`);
    const run = () => runJob(job, { ...tools, mailer });
    const once = job.name === 'recommendations' ? exactlyOnce : onceAtLeast;
    const outcome = await runInBackground(db.transactor, () => once(id, run, parts), requestId);
    const times = { outboxMs: handedAt - createdAt, queueMs: takenAt - handedAt, ms: Date.now() - takenAt };
    tools.logger.info({ requestId, jobId: id, job: job.name, outcome, ...times }, 'job');
    return outcome;
  };
}

interface Parts {
  effects: JobEffects;
  rows: OutboxRows;
}

/** For an effect in the database: it, the note of it and the end of its row are one transaction. */
function exactlyOnce(id: string, run: () => Promise<void>, { effects, rows }: Parts): Promise<Outcome> {
  return transaction(async () => {
    const isFirst = await effects.note(id);
    if (isFirst) await run();
    await rows.remove(id);
    return isFirst ? 'done' : 'was done';
  });
}

/**
 * For an effect outside of the database, which no transaction takes back. A picture that is drawn again is the same. Killed
 * between a mail and its note, the next try sends it again, and nobody can do better than that: by its Message-ID, which is
 * the same, whoever receives it can.
 */
async function onceAtLeast(id: string, run: () => Promise<void>, { effects, rows }: Parts): Promise<Outcome> {
  const isDone = await effects.has(id);
  if (!isDone) await run();
  await transaction(async () => {
    await effects.note(id);
    await rows.remove(id);
  });
  return isDone ? 'was done' : 'done';
}

function withMessageId(mailer: Mailer, messageId: string): Mailer {
  return { send: (mail) => mailer.send({ ...mail, messageId }) };
}
