import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { REDIS_DEADLINE_MS } from '../src/redis-link.ts';
import { openLink, TestRedis } from './redis-rig.ts';

const redis = TestRedis.ofThisFile('stalled-process');

/** As a long query of SQLite does. */
function standStill(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

const sent = () => new Promise(setImmediate);

describe('a process that stood still for longer than Redis is given', () => {
  it('reads the replies that came meanwhile', async () => {
    const link = await openLink(redis.url);
    const replies = Promise.allSettled(Array.from({ length: 10 }, () => link.call((client) => client.ping())));
    await sent();
    standStill(2 * REDIS_DEADLINE_MS);
    expect(new Set((await replies).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    await link.close();
  });

  it('sends what it had not sent yet, and waits for that', async () => {
    const link = await openLink(redis.url);
    const replies = Promise.allSettled(Array.from({ length: 10 }, () => link.call((client) => client.ping())));
    standStill(2 * REDIS_DEADLINE_MS);
    expect(new Set((await replies).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    await link.close();
  });

  it('connects again, and lets callers wait for that, when it was longer than a connection may be silent', async () => {
    const link = await openLink(redis.url);
    redis.freeze(); // it takes its time to let the link in again
    standStill(2_500);
    await sleep(20);
    const replies = Promise.allSettled(Array.from({ length: 10 }, () => link.call((client) => client.ping())));
    await sleep(50);
    redis.thaw();
    expect(new Set((await replies).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    await link.close();
  });
});

describe('a Redis that is frozen', () => {
  it('is not waited for any longer than it is given', async () => {
    const link = await openLink(redis.url);
    redis.freeze();
    const startedAt = performance.now();
    await expect(link.call((client) => client.ping())).rejects.toThrow('cache did not answer');
    const waited = performance.now() - startedAt;
    redis.thaw();
    await link.close();
    expect(waited).toBeGreaterThan(REDIS_DEADLINE_MS - 10);
  });
});
