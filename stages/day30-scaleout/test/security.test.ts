import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Instance, launch } from '@day90/infra';
import { eventually, listenersOf, tellsListeners } from '@day90/testing';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { topology } from '../src/topology.ts';
import { otherAddresses, sendRaw, takesConnections } from './nginx-rig.ts';
import { optionOf } from './option-of.ts';
import { PATHS_OUT } from './paths-out.ts';
import { ask } from './sessions-rig.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const INSTANCE = `test-stage-3-security-${process.pid}`;
const CANARY = 'canary-of-this-test';

/** The whole stage as `start` has it, its limits included, but for the budgets. */
let stage: Instance;
beforeAll(async () => {
  stage = await launch(topology, {
    ...{ folder: FOLDER, instance: INSTANCE, scale: 'small', ports: 'free', quiet: true, throwAway: true },
    budgets: false,
    onProgress: () => {},
  });
  writeFileSync(join(optionOf(stage.box('nginx').pid, '-p'), 'canary.txt'), CANARY);
}, 120_000);
afterAll(() => stage?.stop(), 180_000);

const login = (email: string, password: string, headers = {}) =>
  fetch(`${stage.url}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ email, password }),
  });
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
/** What each of the boxes says of a session, asked past nginx. */
const meOnEachBox = (cookie: string) =>
  Promise.all(
    stage.boxesOf('app').map(async (name) => {
      const url = `http://127.0.0.1:${stage.box(name).port}/me`;
      return (await fetch(url, { headers: { Cookie: cookie } })).status;
    }),
  );

describe('a session', () => {
  it('has a new id after each login; the old one is worth nothing on any box', async () => {
    const first = cookieOf(await login(DEMO_EMAIL, DEMO_PASSWORD));
    expect(await meOnEachBox(first)).toEqual([200, 200, 200]);
    const second = cookieOf(await login(DEMO_EMAIL, DEMO_PASSWORD, { Cookie: first }));
    expect(second).not.toBe(first);
    expect(await meOnEachBox(first)).toEqual([401, 401, 401]);
    expect(await meOnEachBox(second)).toEqual([200, 200, 200]);
  });
});

describe('the limits of login', () => {
  /** All tries are under way at once, and so on every box. */
  const statuses = async (tries: number, send: (n: number) => Promise<Response>) => {
    const counts: Record<number, number> = {};
    for (const { status } of await Promise.all(Array.from({ length: tries }, (_, n) => send(n))))
      counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('hold for an account, on all boxes together', async () => {
    expect(await statuses(12, () => login('one@day90.test', 'a wrong password'))).toEqual({ 401: 5, 429: 7 });
  });

  it('hold for a visitor who claims another address each time', async () => {
    const counts = await statuses(100, (n) =>
      login(`guess-${n}@day90.test`, 'a wrong password', { 'X-Forwarded-For': `203.0.113.${n}` }),
    );
    expect(counts[401] ?? 0).toBeLessThanOrEqual(20);
    expect(counts[429]).toBeGreaterThanOrEqual(80);
  });

  it('hold on each box by itself while the Redis that counts is gone', async () => {
    const { port = 0 } = stage.box('sessions');
    stage.hold('sessions');
    await stage.kill('sessions');
    const { 401: tried = 0, 429: refused = 0 } = await statuses(40, () => login('two@day90.test', 'a wrong password'));
    stage.release('sessions');
    await eventually(() => takesConnections('127.0.0.1', port), Boolean, 10_000);
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(5 * stage.boxesOf('app').length);
    expect(tried + refused).toBe(40);
  });
});

describe('a path that leads out of its folder', () => {
  it.each(PATHS_OUT)('%s leads nowhere', async (path) => {
    const bytes = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const { text } = await sendRaw(stage.box('nginx').port ?? 0, bytes);
    expect(text).toMatch(/^HTTP\/1\.1 (400|404) /);
    expect(text).not.toMatch(/canary-of-this-test|@day90\/core|root:x/);
  });
});

describe('the ports of the stage', () => {
  it('are open to this machine alone', async () => {
    const open: string[] = [];
    for (const { name, port } of stage.ready.boxes) {
      if (port === undefined) continue;
      expect([name, await takesConnections('127.0.0.1', port)]).toEqual([name, true]);
      for (const address of otherAddresses())
        if (await takesConnections(address, port)) open.push(`${name} ${address}`);
    }
    expect(open).toEqual([]);
  });

  (tellsListeners ? it : it.skip)('are all that its processes listen on', () => {
    const known = stage.ready.boxes.map(({ port }) => `127.0.0.1:${port}`);
    expect(listenersOf(process.pid)).toEqual(known.sort());
  });

  it.each(['cache', 'sessions'])('answer nobody without the password: %s', async (name) => {
    const url = `redis://127.0.0.1:${stage.box(name).port}`;
    for (const command of [['GET', 'x'], ['FLUSHALL'], ['INFO']])
      await expect(ask(url, command)).rejects.toThrow('NOAUTH');
  });

  it.each(['day90_app', 'day90_owner', 'postgres'])(
    'answer nobody without the password: Postgres, as %s',
    async (user) => {
      const { port = 0 } = stage.box('postgres');
      const client = new pg.Client({ host: '127.0.0.1', port, user, database: 'day90', password: '' });
      await expect(client.connect()).rejects.toThrow(
        /no pg_hba.conf entry|client password must be a string|empty password/,
      );
    },
  );
});

describe("what is nobody else's business", () => {
  it.each(['/metrics', '/nginx_status', '/stub_status', '/server-status', '/status', '/admin/queues', '/headers.conf'])(
    '%s is not to be had through the door',
    async (path) => {
      expect((await fetch(stage.url + path)).status).toBe(404);
    },
  );

  it.each(['/livez', '/readyz'])('%s says yes or no, and no more', async (path) => {
    expect(await (await fetch(stage.url + path)).text()).toBe('ok\n');
  });
});
