import { randomUUID } from 'node:crypto';
import { type Job, MailError, runInBackground, transaction } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SqlDatabase } from 'stage-1';
import { outboxBell, relayOutbox } from 'stage-6';
import { outboxJobs } from 'stage-6/app';
import { retryGivenUp } from '../src/queue-retry.ts';
import type { JobQueue, Queues } from '../src/queues.ts';
import { ask, queueOfThisFile, RELAY, worker } from './queue-rig.ts';

const file = queueOfThisFile('relay');
const MAIL: Job = { name: 'account-exists-mail', to: 'ada@day90.test' };
const REFUSAL = new MailError('550 no such user', { permanent: true });

let db: SqlDatabase;
let queues: Queues;
let stop: (() => Promise<unknown>) | undefined;

beforeEach(async () => {
  db ??= await file.database();
  queues ??= await file.queues();
  await ask(db, 'DELETE FROM outbox');
  await queues.of('mails').obliterate({ force: true });
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

function start(options: Partial<typeof RELAY> = {}, relays = 1, into: Queues = queues): void {
  const all = Array.from({ length: relays }, () =>
    relayOutbox(db, into, outboxBell(file.urls().databases), { ...RELAY, ...options }),
  );
  stop = () => Promise.all(all.map((relay) => relay.close()));
}

const enqueue = (count: number) =>
  runInBackground(db.transactor, () =>
    transaction(async () => {
      for (let i = 0; i < count; i += 1) await outboxJobs(db).enqueue(MAIL);
    }),
  );
const inQueue = async () => (await queues.of('mails').getWaitingCount()) + (await queues.of('mails').getActiveCount());
const rows = () =>
  ask<{ id: string; handed_at: string | null; failed_at: string | null; reason: string | null }>(
    db,
    'SELECT id, handed_at, failed_at, reason FROM outbox ORDER BY created_at',
  );
const untilInQueue = (count: number) => eventually(inQueue, (found) => found === count, 10_000);

describe('the relay', () => {
  it('hands a row over within some milliseconds of its commit, since the database rings', async () => {
    start();
    await enqueue(1);
    await untilInQueue(1);
    let least = Number.POSITIVE_INFINITY;
    // A busy machine may take its time, but not three times in a row.
    for (let count = 2; count < 5 && least >= 500; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100)); // now it waits for a ring, and would look after a second
      const startedAt = performance.now();
      await enqueue(1);
      await untilInQueue(count);
      least = Math.min(least, performance.now() - startedAt);
    }
    expect(least).toBeLessThan(500);
  });

  it('hands each row over once, also when there are three relays', async () => {
    await enqueue(350);
    const handed = countAdded(queues);
    start({}, 3, handed.queues);
    await untilInQueue(350);
    expect(handed.count()).toBe(350);
    const ids = (await queues.of('mails').getWaiting()).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set((await rows()).map(({ id }) => id)));
  });

  it('leaves rows where they are while the queue is full, and goes on as it empties', async () => {
    await enqueue(30);
    start({ QUEUE_MOST_JOBS: 10 });
    await untilInQueue(10);
    await new Promise((resolve) => setTimeout(resolve, 1200)); // it looks once a second
    expect(await inQueue()).toBe(10);
    const done = (await rows()).filter(({ handed_at }) => handed_at !== null).slice(0, 4);
    for (const { id } of done) {
      await ask(db, 'DELETE FROM outbox WHERE id = $1', [id]);
      await queues.of('mails').remove(id);
    }
    await eventually(rows, (left) => left.filter(({ handed_at }) => handed_at !== null).length === 10);
  });

  it('hands over again what a queue has lost that had taken it', async () => {
    start({ HAND_OVER_AGAIN_MS: 300 });
    await enqueue(5);
    await untilInQueue(5);
    await queues.of('mails').obliterate({ force: true });
    await untilInQueue(5);
  });

  it('leaves a job alone that is only waiting', async () => {
    start({ HAND_OVER_AGAIN_MS: 300 });
    await enqueue(5);
    await untilInQueue(5);
    const before = (await queues.of('mails').getWaiting()).map(({ id, timestamp }) => [id, timestamp]);
    const handedAt = async () => (await rows()).map(({ handed_at }) => Number(handed_at));
    const latest = Math.max(...(await handedAt()));
    await eventually(handedAt, (all) => all.every((at) => at > latest));
    expect((await queues.of('mails').getWaiting()).map(({ id, timestamp }) => [id, timestamp])).toEqual(before);
  });

  it('waits for a queue that is frozen, without losing a row, and hands over when it is back', async () => {
    start();
    await enqueue(1);
    await untilInQueue(1);
    file.instance().signal('queue', 'SIGSTOP');
    await enqueue(3);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await rows()).filter(({ handed_at }) => handed_at === null)).toHaveLength(3);
    file.instance().signal('queue', 'SIGCONT');
    await untilInQueue(4);
  });

  it('notes why a job was given up, and hands it over no more', async () => {
    start({ HAND_OVER_AGAIN_MS: 300 });
    await enqueue(1);
    await untilInQueue(1);
    const refusing = worker(db, file.urls().queue, { send: () => Promise.reject(REFUSAL) });
    const [given] = await eventually(rows, ([one]) => one?.failed_at !== null);
    await refusing.close();
    expect(given?.reason).toBe('550 no such user');
    await queues.of('mails').obliterate({ force: true });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await inQueue()).toBe(0);
  });

  it('hands over anew what is to be tried again, which the queue has as a failed one, and once', async () => {
    start({ HAND_OVER_AGAIN_MS: 300 });
    await enqueue(2);
    const refusing = worker(db, file.urls().queue, { send: () => Promise.reject(REFUSAL) });
    await eventually(rows, (all) => all.every(({ failed_at }) => failed_at !== null), 10_000);
    await refusing.close();
    const ids = (await rows()).map(({ id }) => id).sort();
    const again = (id?: string) => retryGivenUp((sql, values) => ask(db, sql, values), queues, id);
    expect(await again(randomUUID())).toEqual([]);
    expect(await again(ids[0])).toEqual([ids[0]]);
    expect(await again()).toEqual([ids[1]]);
    const sent: (string | undefined)[] = [];
    const sending = worker(db, file.urls().queue, { send: async ({ messageId }) => void sent.push(messageId) });
    await eventually(rows, (left) => left.length === 0, 10_000);
    await sending.close();
    expect(sent.sort()).toEqual(ids.map((id) => `<${id}@day90.test>`));
  });
});

/** Counts what is put into them: a queue would not show that it was given a job twice. */
function countAdded(into: Queues) {
  let added = 0;
  const counting = (queue: JobQueue) =>
    new Proxy(queue, {
      get(target, name) {
        if (name !== 'addBulk') return Reflect.get(target, name);
        return (jobs: Parameters<JobQueue['addBulk']>[0]) => {
          added += jobs.length;
          return target.addBulk(jobs);
        };
      },
    });
  const queues: Queues = { ...into, of: (name) => counting(into.of(name)) };
  return { queues, count: () => added };
}
