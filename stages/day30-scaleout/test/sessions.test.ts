import { setTimeout as sleep } from 'node:timers/promises';
import { describeSessions, describeSharedSessions, eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisSessions } from 'stage-3';
import { ask, commandsOf, connected, logger, operate, startRedis, urlOf } from './sessions-rig.ts';
import type { TemplateProcess } from './template-process.ts';

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

  it('closes soon on a Redis that is frozen', async () => {
    const sessions = redisSessions(urlOf(redis), { logger });
    await connected(sessions);
    redis.signal('SIGSTOP');
    const startedAt = performance.now();
    await sessions.close();
    redis.signal('SIGCONT');
    expect(performance.now() - startedAt).toBeLessThan(1_900); // the socket's own time-out is 2 s
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
    ['EVAL', "return redis.call('KEYS', '*')", '0'],
    ['SHUTDOWN'],
    ['ACL', 'LIST'],
    ['MONITOR'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['GET', 'cache:post:1'],
  ])('refuses %s to the app', async (...command) => {
    await expect(ask(urlOf(redis), command)).rejects.toThrow(/NOPERM|can't run this command/);
  });

  it('never gives a session up for room, and writes down each one', async () => {
    const settings = await operate(redis, ['CONFIG', 'GET', 'maxmemory-policy', 'appendonly', 'appendfsync']);
    expect(settings).toMatchObject({ 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'everysec' });
  });
});
