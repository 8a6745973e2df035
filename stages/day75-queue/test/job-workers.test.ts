import { randomUUID } from 'node:crypto';
import { type Job, type Mail, MailError, type Mailer } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SqlDatabase } from 'stage-1';
import { handIn, type Queues } from '../src/queues.ts';
import { queueOfThisFile, worker } from './queue-rig.ts';

const file = queueOfThisFile('workers');
const MAIL: Job = { name: 'welcome-mail', to: 'ada@day90.test', userName: 'Ada' };

let db: SqlDatabase;
let queues: Queues;
let sent: Mail[];
const running = new Set<ReturnType<typeof worker>>();
beforeAll(async () => {
  db = await file.database();
  queues = await file.queues();
}, 120_000);
beforeEach(async () => {
  sent = [];
  await queues.of('mails').obliterate({ force: true });
});
afterEach(async () => {
  for (const one of running) await stop(one);
});

function start(send: Mailer['send'], own: Parameters<typeof worker>[3] = {}) {
  const one = worker(db, file.urls().queue, { send }, own);
  running.add(one);
  return one;
}

async function stop(one: ReturnType<typeof worker>): Promise<void> {
  running.delete(one);
  await one.close();
}

const keep = async (mail: Mail) => void sent.push(mail);
const add = async (id: string = randomUUID()) => {
  await handIn(queues.of('mails'), [{ id, delivery: { job: MAIL, requestId: 'r', createdAt: Date.now() } }]);
  return id;
};
const refusal = (code: 451 | 550) => new MailError(`${code} no`, { permanent: code === 550 });
const failed = () => queues.of('mails').getFailed();

describe('workers', () => {
  it('try a mail again that a server refused for now', async () => {
    let tries = 0;
    start(async (mail) => {
      tries += 1;
      if (tries === 1) throw refusal(451);
      await keep(mail);
    });
    await add();
    await eventually(
      async () => sent.length,
      (count) => count === 1,
    );
    expect(tries).toBe(2);
  });

  it('give a mail up at once that was refused for good, and keep the reason', async () => {
    start(() => Promise.reject(refusal(550)));
    const id = await add();
    const [job] = await eventually(failed, (jobs) => jobs.length === 1);
    expect(job).toMatchObject({ id, failedReason: '550 no', attemptsMade: 1 });
  });

  it('tell of each try what came of it, and of what kind it was as far as that is known', async () => {
    const told: string[] = [];
    let tries = 0;
    const refuseOnce = async () => {
      tries += 1;
      if (tries === 1) throw refusal(451);
    };
    start(refuseOnce, { onTried: (kind, result) => void told.push(`${kind} ${result}`) });
    await add();
    await eventually(
      async () => told.length,
      (count) => count === 2,
    );
    await queues.of('mails').add('whatever somebody has put there', {} as never, { jobId: randomUUID() });
    await eventually(
      async () => told.length,
      (count) => count === 3,
    );
    expect(told).toEqual(['welcome-mail retried', 'welcome-mail done', 'unknown given_up']);
  });

  it('give up what is no job, say why, and send nothing', async () => {
    start(keep);
    await queues
      .of('mails')
      .add('welcome-mail', { job: { ...MAIL, to: 'nobody' } } as never, { jobId: randomUUID(), attempts: 8 });
    const [job] = await eventually(failed, (jobs) => jobs.length === 1);
    expect(job?.failedReason).toMatch(/^This is no job: job\.to: .*; requestId: /);
    expect(job?.attemptsMade).toBe(1);
    expect(sent).toEqual([]);
  });

  it('send one mail, though the job came a hundred times from three producers, and again after it was done', async () => {
    const id = randomUUID();
    const producers = [queues, await file.queues(), await file.queues()];
    start(keep);
    const delivery = { job: MAIL, requestId: 'r', createdAt: Date.now() };
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => handIn((producers[i % 3] as Queues).of('mails'), [{ id, delivery }])),
      );
      await eventually(
        () => queues.of('mails').getJobCounts('waiting', 'active'),
        ({ waiting, active }) => waiting === 0 && active === 0,
      );
    }
    expect(sent.map(({ messageId }) => messageId)).toEqual([`<${id}@day90.test>`]);
  });

  it('finish what they have begun before they end, and begin nothing more', async () => {
    let release = () => {};
    let begun = 0;
    const slow = async (mail: Mail) => {
      begun += 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await keep(mail);
    };
    const one = start(slow);
    await add();
    await eventually(
      async () => begun,
      (count) => count === 1,
    );
    const ended = stop(one);
    await new Promise((resolve) => setTimeout(resolve, 200)); // what comes in this very moment is taken, and finished, too
    await add();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(begun).toBe(1);
    release();
    await ended;
    expect(sent).toHaveLength(1);
    expect(await queues.of('mails').getJobCounts('waiting', 'active', 'failed')).toEqual({
      waiting: 1,
      active: 0,
      failed: 0,
    });
  });

  it('keep a job that takes longer than its lock, by renewing it', async () => {
    const slow = async (mail: Mail) => {
      await new Promise((resolve) => setTimeout(resolve, 4000)); // the lock is for 3 s
      await keep(mail);
    };
    start(slow);
    start(slow);
    await add();
    await eventually(
      async () => sent.length,
      (count) => count > 0,
      10_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(sent).toHaveLength(1);
  });
});
