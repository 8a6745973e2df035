import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { topology } from '../src/topology.ts';
import { queueOfThisFile } from './queue-rig.ts';

const file = queueOfThisFile('security');

/** What a client with this URL is told. */
async function answerTo(url: string, ...command: [string, ...string[]]): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, enableReadyCheck: false });
  let said: string | undefined; // the call itself would only tell of a connection that was closed
  redis.on('error', ({ message }: Error) => {
    said = message;
  });
  try {
    await redis.connect();
    return String(await redis.call(...command));
  } catch (error) {
    return said ?? (error as Error).message;
  } finally {
    redis.disconnect();
  }
}

describe('the Redis of the queues', () => {
  it('lets nobody in without a password', async () => {
    const { host } = new URL(file.urls().queue);
    expect(await answerTo(`redis://${host}`, 'PING')).toMatch(/NOAUTH|Authentication/);
    expect(await answerTo(`redis://jobs:wrong@${host}`, 'PING')).toMatch(/WRONGPASS|NOAUTH/);
  });

  it.each<[string, ...string[]]>([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['CONFIG', 'SET', 'dir', '/tmp'],
    ['CONFIG', 'GET', '*'],
    ['KEYS', '*'],
    ['SHUTDOWN'],
    ['ACL', 'LIST'],
    ['REPLICAOF', '127.0.0.1', '1'],
    ['PUBLISH', 'channel', 'word'],
    ['SET', 'other:key', '1'],
    ['GET', 'session:1'],
  ])('refuses relay and workers %s', async (...command) => {
    expect(await answerTo(file.urls().queue, ...command)).toMatch(/NOPERM|no permissions/);
  });

  it('never drops a job to make room', async () => {
    expect(await answerTo(file.urls().operator, 'CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction');
  });
});

describe('the app', () => {
  it('knows neither the queue nor the mail server', () => {
    const { env = {} } = topology.boxes.app ?? {};
    expect(Object.keys(env)).not.toContain('QUEUE_URL');
    expect(Object.keys(env)).not.toContain('SMTP_URL');
    expect(JSON.stringify(env)).not.toContain('secret:queue');
  });
});
