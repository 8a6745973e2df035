import { type Job, runInBackground, transaction } from '@day90/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlDatabase } from 'stage-1';
import { openQueues, outboxJobs } from 'stage-6';
import { givenUp, queueStates } from '../src/queue-state.ts';
import { handIn, type Queues } from '../src/queues.ts';
import { ask, logger, queueOfThisFile } from './queue-rig.ts';

const file = queueOfThisFile('state');
const MAIL: Job = { name: 'account-exists-mail', to: 'ada@day90.test' };

let db: SqlDatabase;
let queues: Queues;
beforeAll(async () => {
  db = await file.database();
  queues = await file.queues();
  await runInBackground(db.transactor, () => transaction(() => outboxJobs(db).enqueue(MAIL, MAIL, MAIL)));
  const [first, second] = await ask<{ id: string }>(db, 'SELECT id FROM outbox');
  await ask(db, 'UPDATE outbox SET handed_at = 1, created_at = created_at - 60000 WHERE id = $1', [first?.id]);
  await ask(db, "UPDATE outbox SET failed_at = 1000, reason = '550 no' WHERE id = $1", [second?.id]);
  const delivery = { job: MAIL, requestId: 'r', createdAt: Date.now() };
  await handIn(queues.of('mails'), [{ id: first?.id ?? '', delivery }]);
}, 120_000);

describe('queueStates', () => {
  const states = (of = queues) => queueStates((sql, values) => ask(db, sql, values), of);

  it('counts rows and jobs, and tells how old the oldest is that is not done', async () => {
    const [mails, recommendations] = await states();
    expect(mails).toMatchObject({ queue: 'mails', outbox: 1, handed: 1, givenUp: 1, jobs: { waiting: 1, failed: 0 } });
    expect(mails?.oldestMs).toBeGreaterThan(60_000);
    expect(recommendations).toMatchObject({ outbox: 0, handed: 0, givenUp: 0, oldestMs: 0 });
  });

  it('says what it knows of the rows, within two seconds, while the queue is frozen', async () => {
    file.instance().signal('queue', 'SIGSTOP');
    const frozen = openQueues(file.urls().queue, logger);
    const startedAt = performance.now();
    const [mails] = await states(frozen);
    await frozen.close();
    file.instance().signal('queue', 'SIGCONT');
    expect(mails).toMatchObject({ outbox: 1, handed: 1, jobs: undefined });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('givenUp', () => {
  it('names the job and the reason', async () => {
    const [job] = await givenUp((sql, values) => ask(db, sql, values), 10);
    expect(job).toMatchObject({ queue: 'mails', job: 'account-exists-mail', reason: '550 no' });
  });
});
