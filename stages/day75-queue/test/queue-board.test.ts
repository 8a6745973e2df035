import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@day90/core';
import { defineTopology, type Instance, launch } from '@day90/infra';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { queueBoard } from '../src/board/queue-board.ts';
import { queue } from '../src/boxes.ts';
import { handIn, openQueues, PREFIX, type Queues } from '../src/queues.ts';
import { AdminRig } from './admin-rig.ts';

const topology = defineTopology({
  stage: 'stage-6',
  variant: 'queue',
  door: 'queue',
  boxes: { queue: queue(16_007) },
  hello: ['jobs', 'board'].map((user) => {
    const secret = user === 'jobs' ? 'queue' : 'queue-board';
    return `redis://${user}:\${secret:${secret}}@127.0.0.1:\${port:queue}`;
  }),
});
const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

let instance: Instance;
let jobs: Queues;
let board: Queues;
let failedId: string;
let rig: AdminRig | undefined;

beforeAll(async () => {
  instance = await launch(topology, {
    ...{ folder: fileURLToPath(new URL('..', import.meta.url)), instance: `test-stage-6-board-${process.pid}` },
    ...{ ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
  });
  [jobs, board] = instance.hello.map((url) => openQueues(url, logger)) as [Queues, Queues];
  for (const one of [jobs, board]) await one.of('mails').waitUntilReady();
  failedId = await failedJob();
}, 180_000);
afterEach(() => rig?.stop());
afterAll(async () => {
  await Promise.all([jobs.close(), board.close()]);
  await instance.stop();
});

/** A mail that was refused for good. */
async function failedJob(): Promise<string> {
  const id = randomUUID();
  const job = { name: 'welcome-mail', to: 'ada@day90.test', userName: '<b>Ada</b>' } as const;
  await handIn(jobs.of('mails'), [{ id, delivery: { job, requestId: 'r', createdAt: Date.now() } }]);
  const connection = new Redis(instance.hello[0] as string, { maxRetriesPerRequest: null });
  const worker = new Worker('mails', undefined, { connection, prefix: PREFIX, autorun: false });
  const taken = await worker.getNextJob('a-token');
  await taken?.moveToFailed(new UnrecoverableError('550 no such mailbox here'), 'a-token');
  await worker.close();
  connection.disconnect();
  return id;
}

/** The board on these queues, for an admin who has logged in. */
async function shown(queues: Queues, BOARD_WRITES: boolean) {
  const app = new AdminRig();
  rig = app;
  await app.start(queueBoard(queues, { BOARD_WRITES }));
  const { cookie = '' } = await app.logIn('admin@day90.test');
  return {
    get: (path: string) => app.get(path, { Cookie: cookie }),
    send: (method: string, path: string, from: Record<string, string> = {}) =>
      app.send(method, path, { Cookie: cookie, 'Content-Type': 'application/json', ...from }, '{}'),
  };
}

const failed = async () => (await jobs.of('mails').getFailed()).map(({ id }) => id);

describe('the page of the queues', () => {
  it('shows what failed, and why, with a user who can only read', async () => {
    const { get } = await shown(board, false);
    const { queues } = JSON.parse((await get('/queues/api/queues?activeQueue=mails&status=failed')).text);
    expect(queues.map(({ name }: { name: string }) => name)).toEqual(['mails', 'recommendations', 'pictures']);
    expect(queues[0]).toMatchObject({ readOnlyMode: true, counts: { failed: 1 } });
    expect(queues[0].jobs[0]).toMatchObject({ id: failedId, failedReason: '550 no such mailbox here' });
    const page = await get('/queues');
    expect([page.status, page.text.includes('<title>Queues</title>')]).toEqual([200, true]);
    expect((await get('/queues/api/redis/stats')).status).toBe(200);
    expect((await get('/queues/api/queues/mails/workers')).status).toBe(200);
  });

  it.each([
    ['PUT', '/queues/api/queues/pause'],
    ['PUT', '/queues/api/queues/mails/pause'],
    ['PUT', '/queues/api/queues/mails/empty'],
    ['PUT', '/queues/api/queues/mails/obliterate'],
    ['PUT', '/queues/api/queues/mails/clean/failed'],
    ['PUT', '/queues/api/queues/mails/retry/failed'],
    ['POST', '/queues/api/queues/mails/add'],
    ['PATCH', '/queues/api/queues/mails/1/update-data'],
  ])('refuses %s %s unless it may write', async (method, path) => {
    const { send } = await shown(jobs, false);
    expect((await send(method, path)).status).toBe(403);
    expect(await failed()).toEqual([failedId]);
    expect(await jobs.of('mails').isPaused()).toBe(false);
  });

  it('can do no more than its user may, whatever it is told', async () => {
    const { send } = await shown(board, true);
    for (const path of ['mails/pause', 'mails/clean/failed', `mails/${failedId}/clean`])
      expect((await send('PUT', `/queues/api/queues/${path}`)).status).toBe(500);
    expect(await failed()).toEqual([failedId]);
    expect(await jobs.of('mails').isPaused()).toBe(false);
  });

  it('has a job tried again where it may write, and for its own site alone', async () => {
    const { send } = await shown(jobs, true);
    const retry = `/queues/api/queues/mails/${failedId}/retry`;
    expect((await send('PUT', retry, { 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
    expect(await failed()).toEqual([failedId]);
    expect((await send('PUT', retry, { 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
    expect(await jobs.of('mails').getWaitingCount()).toBe(1);
  });
});

describe('the user of the page', () => {
  it.each<[string, ...string[]]>([
    ['SET', 'jobs:x', '1'],
    ['DEL', 'jobs:mails:meta'],
    ['EVAL', "return redis.call('SET', KEYS[1], '1')", '1', 'jobs:x'],
    ['EVAL', "return redis.call('ZREM', KEYS[1], ARGV[1])", '1', 'jobs:mails:failed', 'x'],
    ['GET', 'session:1'],
    ['KEYS', '*'],
    ['FLUSHALL'],
    ['CONFIG', 'GET', '*'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['PUBLISH', 'channel', 'word'],
  ])('may not %s', async (...command) => {
    const redis = new Redis(instance.hello[1] as string);
    const answer = await redis.call(...command).catch(({ message }: Error) => message);
    redis.disconnect();
    expect(answer).toMatch(/NOPERM|no permissions|can't run this command/);
  });
});
