import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createApp,
  createLogger,
  inlineJobs,
  memoryRateLimit,
  parseConfig,
  type RateLimit,
  serverEnv,
} from '@day90/core';
import {
  eventually,
  FakeAnswers,
  FakeMailer,
  FakePosts,
  type FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
} from '@day90/testing';
import { createClient } from 'redis';
import { redisSessions } from 'stage-3';
import { z } from 'zod';
import { freePort, TemplateProcess } from './template-process.ts';

const PASSWORD = 'a-password-of-this-test-only';
const OPERATOR_PASSWORD = 'another-password-of-this-test-only';
export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

/** A Redis on the stage's own template. */
export async function startRedis(): Promise<TemplateProcess> {
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
/** Where the app finds it. */
export function urlOf({ port }: TemplateProcess, password = PASSWORD): string {
  return `redis://app:${password}@127.0.0.1:${port}`;
}

/** A box with this store of sessions; everything else is in memory. */
export async function startBox(
  store: FakeStore,
  url: string,
  own: { rateLimit?: RateLimit } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const config = parseConfig(z.object(serverEnv), {
    SESSION_SECRETS: 'a secret of a test which guards nothing at all',
    TRUSTED_PROXIES: '1',
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
    ...own,
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
export async function connected(store: ReturnType<typeof redisSessions>): Promise<void> {
  const found = () => new Promise<boolean>((resolve) => store.get('none', (error) => resolve(!error)));
  await eventually(found, Boolean, 5_000);
}

/** One command on a connection of its own. */
export async function ask(url: string, command: string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

/** One command of whoever operates it. */
export function operate({ port }: TemplateProcess, command: string[]): Promise<unknown> {
  return ask(`redis://operator:${OPERATOR_PASSWORD}@127.0.0.1:${port}`, command);
}

/** How often each command of a session's life was called so far. */
export async function commandsOf(redis: TemplateProcess): Promise<Record<string, number>> {
  const info = String(await operate(redis, ['INFO', 'commandstats']));
  const counts = [...info.matchAll(/cmdstat_(get|set|expire|del):calls=(\d+)/g)];
  return Object.fromEntries(counts.map(([, name, calls]) => [name, Number(calls)]));
}
