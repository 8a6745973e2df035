import { setTimeout as sleep } from 'node:timers/promises';
import { hashPassword } from '@day90/core';
import { eventually, FakeStore, FakeUsers, inRequest } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandsOf, operate, startBox, startRedis, urlOf } from './sessions-rig.ts';
import type { TemplateProcess } from './template-process.ts';

const ANN = { email: 'ann@day90.test', password: 'a long password of this test' };

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
      expect(ms).toBeLessThan(1_900); // without a deadline of its own it waits for the socket's, 2 s
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

async function timed(url: string, init: RequestInit) {
  const startedAt = performance.now();
  const { status, headers, ...answer } = await fetch(url, init).then(async (one) => ({
    status: one.status,
    headers: one.headers,
    text: await one.text(),
  }));
  return { ...answer, status, headers, retryAfter: headers.get('retry-after'), ms: performance.now() - startedAt };
}
