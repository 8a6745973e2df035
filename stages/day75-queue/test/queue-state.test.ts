import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Job, runInBackground, transaction } from '@day90/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlDatabase } from 'stage-1';
import { openQueues } from 'stage-6';
import { outboxJobs } from 'stage-6/app';
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

  it('says what it knows of the rows, and does not wait, while the queue is frozen', async () => {
    file.instance().signal('queue', 'SIGSTOP');
    const frozen = openQueues(file.urls().queue, logger);
    const [mails] = await states(frozen);
    await frozen.close();
    file.instance().signal('queue', 'SIGCONT');
    expect(mails).toMatchObject({ outbox: 1, handed: 1, jobs: undefined });
  });
});

describe('givenUp', () => {
  it('names the job and the reason', async () => {
    const [job] = await givenUp((sql, values) => ask(db, sql, values), 10);
    expect(job).toMatchObject({ queue: 'mails', job: 'account-exists-mail', reason: '550 no' });
  });
});

describe('the queue command', () => {
  const program = fileURLToPath(new URL('../src/queue-command.ts', import.meta.url));
  async function run(...args: string[]) {
    const { instance } = file.instance().ready;
    const child = spawn(process.execPath, [program, '--instance', instance, ...args], { cwd: import.meta.dirname });
    const code = new Promise((resolve) => child.once('exit', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out, err };
  }

  it('shows what was given up, and has it tried again when asked to', async () => {
    const [job] = JSON.parse((await run('--json')).out).givenUp;
    expect(job).toMatchObject({ job: 'account-exists-mail', reason: '550 no' });
    expect(await run('--retry', job.id)).toEqual({ code: 0, out: `tried again:\n${job.id}\n`, err: '' });
    expect(JSON.parse((await run('--json')).out).givenUp).toEqual([]);
  }, 180_000);

  it.each([
    ['ours', '--retry takes all, or the id of a job that `queue` shows as given up, not ours'],
    ['all', 'no job was given up'],
    ['0d7fbb6c-5a0a-4c3a-9d6f-000000000001', 'no job 0d7fbb6c-5a0a-4c3a-9d6f-000000000001 was given up'],
  ])(
    'says in one line why it can not have %s tried again',
    async (which, why) => {
      expect(await run('--retry', which)).toEqual({ code: 1, out: '', err: `${why} [D90-INPUT]\n` });
    },
    60_000,
  );
});
