import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createApp,
  createLogger,
  hashPassword,
  inlineJobs,
  memoryRateLimit,
  parseConfig,
  serverEnv,
} from '@day90/core';
import {
  describeSessions,
  describeSharedSessions,
  eventually,
  FakeAnswers,
  FakeMailer,
  FakePosts,
  FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
  inRequest,
} from '@day90/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from 'redis';
import { redisSessions } from 'stage-3';
import { z } from 'zod';
import { freePort, TemplateProcess } from './template-process.ts';

const PASSWORD = 'a-password-of-this-test-only';
const OPERATOR_PASSWORD = 'another-password-of-this-test-only';
const ANN = { email: 'ann@day90.test', password: 'a long password of this test' };
const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

/** A Redis on the stage's own template. */
async function startRedis() {
  const port = await freePort();
  const redis = new TemplateProcess(
    port,
    'redis/sessions.conf',
    { 'port:sessions': String(port), 'secret:sessions': PASSWORD, 'secret:sessions-operator': OPERATOR_PASSWORD },
    (file) => ['redis-server', file],
  );
  await redis.start();
  return redis;
}
const urlOf = ({ port }: TemplateProcess, password = PASSWORD) => `redis://app:${password}@127.0.0.1:${port}`;

async function rig() {
  const redis = await startRedis();
  const [sessions, elsewhere] = [redisSessions(urlOf(redis), { logger }), redisSessions(urlOf(redis), { logger })];
  for (const store of [sessions, elsewhere]) await connected(store);
  return {
    sessions,
    elsewhere,
    async close() {
      await sessions.close();
      await elsewhere.close();
      await redis.close();
    },
  };
}

describeSessions('redisSessions', rig);
describeSharedSessions('redisSessions', rig);

describe('two boxes with sessions in Redis', () => {
  let redis: TemplateProcess;
  let boxes: Awaited<ReturnType<typeof startBox>>[];
  let store: FakeStore;
  let cookie: string;
  beforeEach(async () => {
    redis = await startRedis();
    store = new FakeStore();
    const passwordHash = await hashPassword(ANN.password);
    await inRequest(store, () => new FakeUsers(store).create({ name: 'Ann', email: ANN.email, passwordHash }));
    boxes = await Promise.all([startBox(store, urlOf(redis)), startBox(store, urlOf(redis))]);
    cookie = (await login(0)).headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterEach(async () => {
    await Promise.all(boxes.map((box) => box.close()));
    await redis.close();
  });
  const login = (box: number, headers = {}) =>
    timed(`${boxes[box]?.url}/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(ANN),
    });
  const me = (box: number) => timed(`${boxes[box]?.url}/me`, { headers: { Cookie: cookie } });
  const comesBack = () =>
    eventually(
      async () => (await me(0)).status,
      (status) => status !== 503,
      3_000,
    );

  it('know who logged in on the other, and who logged out there', async () => {
    expect((await me(1)).status).toBe(200);
    const again = await login(1, { Cookie: cookie });
    expect([again.status, (await me(0)).status]).toEqual([200, 401]); // a new id at each login, the old one is worth nothing
    cookie = again.headers.get('set-cookie')?.split(';')[0] ?? '';
    await fetch(`${boxes[0]?.url}/logout`, { method: 'POST', headers: { Cookie: cookie } });
    expect([(await me(0)).status, (await me(1)).status]).toEqual([401, 401]);
  });

  it('do not ask Redis for a visitor without a cookie, nor on a public page', async () => {
    const before = await commandsOf(redis);
    for (const headers of [{}, { Cookie: cookie }]) {
      const answer = await fetch(`${boxes[0]?.url}/posts`, { headers });
      expect([answer.status, answer.headers.has('set-cookie')]).toEqual([200, false]);
    }
    expect((await fetch(`${boxes[0]?.url}/me`)).status).toBe(401);
    expect(await commandsOf(redis)).toEqual(before);
  });

  it('say in Server-Timing what the look-up took', async () => {
    expect((await me(0)).headers.get('server-timing')).toMatch(/session;dur=\d/);
  });

  it.each([
    ['killed', (of: TemplateProcess) => of.kill(), (of: TemplateProcess) => of.start()],
    [
      'frozen',
      async (of: TemplateProcess) => of.signal('SIGSTOP'),
      async (of: TemplateProcess) => of.signal('SIGCONT'),
    ],
  ])('refuse by 503, soon, what needs a session while Redis is %s, and nothing else', async (_how, breakIt, mendIt) => {
    await breakIt(redis);
    for (let n = 0; n < 8; n++) {
      const { status, retryAfter, ms, text } = await me(n % 2);
      expect([status, retryAfter, JSON.parse(text).code]).toEqual([503, '1', 'overloaded']);
      expect(ms).toBeLessThan(1_000); // without a deadline of its own it waits for the socket's, 2 s
    }
    expect((await fetch(`${boxes[0]?.url}/posts`)).status).toBe(200);
    await mendIt(redis);
    expect(await comesBack()).toBe(200);
  });

  it.each([
    ['killed', (of: TemplateProcess) => of.kill()],
    ['frozen', async (of: TemplateProcess) => of.signal('SIGSTOP')],
  ])('accept no login and hand out no cookie while Redis is %s', async (_how, breakIt) => {
    await breakIt(redis);
    const refused = await login(0);
    expect([refused.status, refused.retryAfter, refused.headers.has('set-cookie')]).toEqual([503, '1', false]);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'overloaded' });
  });

  it('refuse a logout that could not be stored', async () => {
    redis.signal('SIGSTOP');
    const refused = await timed(`${boxes[0]?.url}/logout`, { method: 'POST', headers: { Cookie: cookie } });
    expect(refused.status).toBe(503);
    redis.signal('SIGCONT');
    expect(await comesBack()).toBe(200);
  });

  it('keep sessions older than a second through a kill and a restart', async () => {
    await sleep(1_200);
    await redis.kill();
    await redis.start();
    expect(await comesBack()).toBe(200);
  });

  it('answer 401 once after all sessions were lost, and let everybody log in again', async () => {
    await operate(redis, ['FLUSHALL']);
    expect((await me(0)).status).toBe(401);
    const again = await login(1);
    expect(again.status).toBe(200);
    cookie = again.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await me(0)).status).toBe(200);
  });
});

describe('redisSessions', () => {
  let redis: TemplateProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  const data = { cookie: { originalMaxAge: 1_800_000 }, userId: '7' } as never;
  const callsOf = async (command: string) => (await commandsOf(redis))[command] ?? 0;

  it('prolongs a session once a minute, however often it is used', async () => {
    let now = 0;
    const sessions = redisSessions(urlOf(redis), { logger, now: () => now });
    await connected(sessions);
    const before = await callsOf('expire');
    const use = () => new Promise<void>((resolve) => sessions.touch?.('often', data, resolve as never));
    for (let n = 0; n < 20; n++) await use();
    now = 59_999;
    await use();
    await sleep(100);
    expect((await callsOf('expire')) - before).toBe(1);
    now = 60_000;
    await use();
    await eventually(
      () => callsOf('expire'),
      (calls) => calls - before === 2,
    );
    await sessions.close();
  });

  it('gives every session an end in Redis too', async () => {
    const sessions = redisSessions(urlOf(redis), { logger });
    await connected(sessions);
    const cookie = { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) };
    await new Promise((resolve) => sessions.set('with-an-end', { cookie, userId: '7' } as never, resolve));
    const ttl = Number(await operate(redis, ['TTL', 'session:with-an-end']));
    expect(ttl).toBeGreaterThan(50);
    expect(ttl).toBeLessThanOrEqual(60);
    await sessions.close();
  });

  it('closes within a second on a Redis that is frozen', async () => {
    const sessions = redisSessions(urlOf(redis), { logger });
    await connected(sessions);
    redis.signal('SIGSTOP');
    const startedAt = performance.now();
    await sessions.close();
    redis.signal('SIGCONT');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('says in one line that its password is refused', async () => {
    const sessions = redisSessions(urlOf(redis, 'wrong'), { logger });
    expect(await sessions.broken).toMatch(/^The session store refuses the password/);
    await sessions.close();
  });
});

describe('the Redis of the sessions', () => {
  let redis: TemplateProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  it('refuses whoever has no password', async () => {
    await expect(ask(`redis://127.0.0.1:${redis.port}`, ['GET', 'session:x'])).rejects.toThrow('NOAUTH');
  });

  it.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['CONFIG', 'GET', '*'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['EVAL', 'return 1', '0'],
    ['SHUTDOWN'],
    ['ACL', 'LIST'],
    ['MONITOR'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['GET', 'cache:post:1'],
  ])('refuses %s to the app', async (...command) => {
    await expect(ask(urlOf(redis), command)).rejects.toThrow('NOPERM');
  });

  it('never gives a session up for room, and writes down each one', async () => {
    const settings = await operate(redis, ['CONFIG', 'GET', 'maxmemory-policy', 'appendonly', 'appendfsync']);
    expect(settings).toMatchObject({ 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'everysec' });
  });
});

/** A box with this store of sessions; everything else is in memory. */
async function startBox(store: FakeStore, url: string): Promise<{ url: string; close(): Promise<void> }> {
  const config = parseConfig(z.object(serverEnv), {
    SESSION_SECRETS: 'a secret of a test which guards nothing at all',
  });
  const sessions = redisSessions(url, { logger });
  await connected(sessions);
  const jobs = inlineJobs({ mailer: new FakeMailer(), recommend: fakeRecommend(store), logger });
  const users = new FakeUsers(store);
  const [posts, views, answers] = [new FakePosts(store), new FakeViews(store), new FakeAnswers(store)];
  const parts = {
    config,
    logger,
    users,
    posts,
    views,
    answers,
    jobs,
    sessions,
    rateLimit: memoryRateLimit(),
    db: store,
  };
  const server: Server = createServer(createApp(parts, []));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sessions.close();
    },
  };
}

/** Waits until a store that connects in the background has done so. */
async function connected(store: ReturnType<typeof redisSessions>): Promise<void> {
  const found = () => new Promise<boolean>((resolve) => store.get('none', (error) => resolve(!error)));
  await eventually(found, Boolean, 5_000);
}

async function timed(url: string, init: RequestInit) {
  const startedAt = performance.now();
  const { status, headers, ...answer } = await fetch(url, init).then(async (one) => ({
    status: one.status,
    headers: one.headers,
    text: await one.text(),
  }));
  return { ...answer, status, headers, retryAfter: headers.get('retry-after'), ms: performance.now() - startedAt };
}

/** One command on a connection of its own. */
async function ask(url: string, command: string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

function operate({ port }: TemplateProcess, command: string[]): Promise<unknown> {
  return ask(`redis://operator:${OPERATOR_PASSWORD}@127.0.0.1:${port}`, command);
}

/** How often each command of a session's life was called so far. */
async function commandsOf(redis: TemplateProcess): Promise<Record<string, number>> {
  const info = String(await operate(redis, ['INFO', 'commandstats']));
  const counts = [...info.matchAll(/cmdstat_(get|set|expire|del):calls=(\d+)/g)];
  return Object.fromEntries(counts.map(([, name, calls]) => [name, Number(calls)]));
}
