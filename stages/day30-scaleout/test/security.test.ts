import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Instance, launch, workspaceRoot } from '@day90/infra';
import { DEMO_EMAIL, DEMO_PASSWORD } from '@day90/testing/data';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '../src/topology.ts';
import { otherAddresses, sendRaw, takesConnections } from './nginx-rig.ts';

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
  writeFileSync(join(workspaceRoot(FOLDER), '.run', INSTANCE, 'conf', 'nginx', 'canary.txt'), CANARY);
}, 120_000);
afterAll(() => stage?.stop(), 60_000);

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
  const statuses = async (tries: number, send: (n: number) => Promise<Response>) => {
    const counts: Record<number, number> = {};
    for (let n = 0; n < tries; n++) {
      const { status } = await send(n);
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };

  it('hold for an account, whichever box is asked', async () => {
    expect(await statuses(12, () => login('one@day90.test', 'a wrong password'))).toEqual({ 401: 5, 429: 7 });
  });

  it('hold for a visitor who claims another address each time', async () => {
    const counts = await statuses(100, (n) =>
      login(`guess-${n}@day90.test`, 'a wrong password', { 'X-Forwarded-For': `203.0.113.${n}` }),
    );
    expect(counts[401] ?? 0).toBeLessThanOrEqual(20);
    expect(counts[429]).toBeGreaterThanOrEqual(80);
  });
});

/** Ways to write "one folder up" that some server or other has fallen for. */
const UP = [
  '../',
  '..%2f',
  '..%2F',
  '%2e%2e/',
  '%2e%2e%2f',
  '.%2e/',
  '..\\',
  '..%5c',
  '%2e%2e%5c',
  '..;/',
  '.%00./',
  '..%00/',
  '....//',
  '..//',
  '%252e%252e%252f',
  '..%252f',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '..%ef%bc%8f',
  '%u002e%u002e%u2215',
  '..%09/',
  '..%0d%0a/',
];
const FILES = [
  ['/', 'canary.txt'],
  ['/static/', 'package.json'],
  ['/static/avatars/', 'etc/passwd'],
] as const;

describe('a path that leads out of its folder', () => {
  it.each(UP.flatMap((up) => FILES.flatMap(([from, file]) => [from + up + file, from + up.repeat(6) + file])))(
    '%s leads nowhere',
    async (path) => {
      const { text } = await sendRaw(
        stage.box('nginx').port ?? 0,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 (400|404) /);
      expect(text).not.toMatch(/canary-of-this-test|@day90\/core|root:x/);
    },
  );
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
