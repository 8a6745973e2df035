import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Box, defineTopology, type Instance, launch } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology as stage } from '../src/topology.ts';
import { ask } from './redis-rig.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const app = stage.boxes.app as Box;
const topology = defineTopology({
  ...stage,
  variant: 'two-apps',
  boxes: { ...stage.boxes, other: { ...app, env: { ...app.env, PORT: '${port:self}' }, port: 12_003 } },
  hello: ['redis://app:${secret:cache}@127.0.0.1:${port:cache}'],
});

/** Two processes of the whole stage as `start` has it, its limits included, on one database and one Redis. */
let running: Instance;
let urls: [string, string];
beforeAll(async () => {
  running = await launch(topology, {
    ...{ folder: FOLDER, instance: `test-stage-2-security-${process.pid}`, scale: 'small', ports: 'free' },
    ...{ quiet: true, throwAway: true },
    onProgress: () => {},
  });
  const urlOf = (box: string) => `http://127.0.0.1:${running.box(box).port}`;
  urls = [urlOf('app'), urlOf('other')];
}, 180_000);
afterAll(() => running?.stop(), 180_000);

const send = (process: 0 | 1, call: string, body: object, cookie = '') => {
  const [method = '', path = ''] = call.split(' ');
  const headers = { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) };
  return fetch(urls[process] + path, { method, headers, body: JSON.stringify(body) });
};

describe('what one process writes', () => {
  it('is seen by the other at once, in all that it had shown before', async () => {
    const login = await send(0, 'POST /login', { email: DEMO_EMAIL, password: DEMO_PASSWORD });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { id: authorId } = (await login.json()) as { id: string };
    const created = await send(0, 'POST /posts', { title: 'Title 0', body: 'Body' }, cookie);
    const { id } = (await created.json()) as { id: string };
    const pages = [`/posts/${id}`, `/users/${authorId}/posts`];
    const seenBy = (process: 0 | 1) =>
      Promise.all(
        pages.map(async (page) => {
          const { title, items } = (await (await fetch(urls[process] + page)).json()) as {
            title?: string;
            items?: { title: string }[];
          };
          return title ?? items?.[0]?.title;
        }),
      );
    for (let n = 1; n <= 20; n++) {
      await Promise.all([seenBy(0), seenBy(1)]); // both have it in the cache now
      const { status } = await send(0, `PUT /posts/${id}`, { title: `Title ${n}` }, cookie);
      expect(status).toBe(200);
      expect(await seenBy(1)).toEqual([`Title ${n}`, `Title ${n}`]);
      expect(await seenBy(0)).toEqual([`Title ${n}`, `Title ${n}`]);
    }
  });
});

describe("Redis' own door", () => {
  const url = () => running.hello[0] ?? '';

  it.each([
    ['without a password', () => url().replace(/\/\/.*@/, '//')],
    ['with a wrong one', () => url().replace(/:[^:@]*@/, ':wrong@')],
    ['as the user that every Redis comes with', () => url().replace('//app:', '//default:')],
  ])('stays shut %s', async (_how, make) => {
    await expect(ask(make(), ['GET', 'popular'])).rejects.toThrow(/NOAUTH|WRONGPASS/);
  });

  it.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['CONFIG', 'GET', '*'],
    ['CONFIG', 'SET', 'dir', '/tmp'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['ACL', 'LIST'],
    ['SHUTDOWN', 'NOSAVE'],
    ['REPLICAOF', '127.0.0.1', '6379'],
    ['MODULE', 'LIST'],
    ['SAVE'],
    ['MONITOR'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'LIST'],
    ['CLIENT', 'LIST'],
    ['PUBLISH', 'channel', 'message'],
    ['EVAL', "return redis.call('FLUSHALL')", '0'],
    ['EVAL', "return redis.call('KEYS', '*')", '0'],
  ])('lets the app do its work, and not %s %s', async (...command) => {
    await expect(ask(url(), command)).rejects.toThrow(/^NOPERM|can't run this command/);
  });

  it('opens for the app with its password', async () => {
    expect(await ask(url(), ['PING'])).toBe('PONG');
  });
});

describe('the ports of the stage', () => {
  it('are open to this machine alone', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal)
      .map((address) => address?.address ?? '');
    const open: string[] = [];
    for (const { name, port } of running.ready.boxes) {
      if (port === undefined) continue;
      expect([name, await takesConnections('127.0.0.1', port)]).toEqual([name, true]);
      for (const address of others) if (await takesConnections(address, port)) open.push(`${name} ${address}`);
    }
    expect(open).toEqual([]);
  });
});

describe('the limits of login', () => {
  const tries = async (count: number, email: (n: number) => string) => {
    const statuses: Record<number, number> = {};
    for (let n = 0; n < count; n++) {
      const { status } = await send((n % 2) as 0 | 1, 'POST /login', { email: email(n), password: 'a wrong password' });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  };

  it('hold for an account, whichever process is asked', async () => {
    expect(await tries(12, () => 'one@day90.test')).toEqual({ 401: 5, 429: 7 });
  });

  it('hold for an address, whichever process is asked', async () => {
    const { 401: letThrough = 0, 429: refused = 0 } = await tries(30, (n) => `guess-${n}@day90.test`);
    expect(letThrough).toBeLessThanOrEqual(20);
    expect(refused).toBeGreaterThanOrEqual(10);
  });

  it('hold with Redis killed, in each process for itself', async () => {
    running.hold('cache');
    await running.kill('cache');
    expect(await tries(24, () => 'two@day90.test')).toEqual({ 401: 10, 429: 14 });
    const { 401: letThrough = 0 } = await tries(60, (n) => `more-${n}@day90.test`);
    expect(letThrough).toBeLessThanOrEqual(2 * 20 - 10);
  });
});

function takesConnections(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 1000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => end(false));
  });
}
