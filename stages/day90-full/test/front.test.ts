import { execFileSync } from 'node:child_process';
import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { control, defineTopology, type Instance, launch, workspaceRoot } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { balance } from 'stage-3/boxes';
import { app, limits as limitOptions, nginx } from '../src/boxes.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const MEMBER = { Cookie: 'theme=dark; sid=s%3Aabc' };
const BOXES = 2;

/** nginx of the stage, before boxes that answer when they are told to. */
const topology = defineTopology({
  stage: 'stage-7',
  variant: 'front',
  door: 'nginx',
  options: { balance, ...limitOptions },
  boxes: {
    app: {
      ...app(15_911, { count: BOXES, cpu: 1 }),
      ...{ run: ['node', 'test/held-app.ts'], env: { BOX: '${box}', PORT: '${port:self}' }, after: [] },
    },
    nginx: nginx(15_920),
  },
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

let instance: Instance;
/** A connection for each request: one that is kept stays with a worker that a reload has ended. */
const agent = new Agent({ keepAlive: false });

beforeAll(async () => {
  instance = await launch(topology, {
    ...{ folder: FOLDER, instance: `test-front-${process.pid}`, ports: 'free', quiet: true, throwAway: true },
    ...{ budgets: false, onProgress: () => {} },
  });
}, 60_000);
afterAll(async () => {
  agent.destroy();
  await instance?.stop();
});
beforeEach(async () => {
  if (accepting.length === 0) accepting = workers();
  await limits({ 'in-flight': 2, 'public-reads': 2 });
});

/** Resolves once no worker that holds to other limits takes requests any more. */
async function limits(numbers: Record<string, number>): Promise<void> {
  await control(workspaceRoot(FOLDER), instance.ready.instance, { do: 'set', numbers: { ...now, ...numbers } });
  const isSame = Object.entries(numbers).every(([name, number]) => now[name] === number);
  Object.assign(now, numbers);
  if (isSame) return;
  const isOver = async () => workers().filter((pid) => accepting.includes(pid)).length;
  expect(await eventually(isOver, (old) => old === 0, 10_000)).toBe(0);
  expect(
    await eventually(
      async () => workers().length,
      (count) => count > 0,
      10_000,
    ),
  ).toBeGreaterThan(0);
  accepting = workers();
}

/** What nginx holds to, and the workers that do. */
const now: Record<string, number> = {};
let accepting: number[] = [];

/** Those of nginx' workers that take requests: one that a reload has ended says so in its name. */
function workers(): number[] {
  const { pid } = instance.box('nginx');
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => line.trim().split(/\s+(.*)/))
    .flatMap(([own, rest = '']) =>
      rest.startsWith(`${pid} `) && !rest.includes('shutting down') ? [Number(own)] : [],
    );
}

function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: object } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${instance.url}${path}`, { agent, method, headers: { ...headers } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      res.once('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Asks for what is held, and goes on once the boxes have all of it. */
async function holding(headers: object, count: number): Promise<Promise<Answer>[]> {
  const before = await heldByBoxes();
  const answers = Array.from({ length: count }, (_, i) => ask(`/held/${i}`, { headers }));
  expect(await eventually(heldByBoxes, (held) => held === before + count, 10_000)).toBe(before + count);
  return answers;
}

/** More than there are places for, each with most of its body still to come. */
async function slowSenders(path: string): Promise<ClientRequest[]> {
  const headers = { ...MEMBER, 'Content-Length': '10' };
  const senders = Array.from({ length: 2 * BOXES }, () =>
    request(`${instance.url}${path}`, { method: 'POST', headers }),
  );
  for (const sent of senders) sent.on('error', () => {}).write('a');
  await sleep(200);
  return senders;
}

async function heldByBoxes(): Promise<number> {
  const counts = await atEachBox('/count');
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function atEachBox(path: string): Promise<string[]> {
  const ports = instance.boxesOf('app').map((box) => instance.box(box).port);
  return Promise.all(ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()));
}

async function release(): Promise<void> {
  await atEachBox('/release');
}

function expectRefused({ status, headers, text }: Answer): void {
  expect(status).toBe(503);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(headers['x-served-by']).toBe('nginx');
  expect(['1', '2', '3']).toContain(headers['retry-after']);
  expect(JSON.parse(text)).toMatchObject({ status: 503, code: 'overloaded', requestId: headers['x-request-id'] });
  expect(text).toContain('Nothing was done');
}

describe('nginx in front of full boxes', () => {
  it('refuses public reads beyond their share at once, and lets members and writes have the rest', async () => {
    const strangers = await holding({}, 2);
    expectRefused(await ask('/held/one-more'));
    expect((await ask('/held/one-more', { method: 'HEAD' })).status).toBe(503);
    const members = await holding(MEMBER, 2);
    await release();
    for (const answer of await Promise.all([...strangers, ...members])) expect(answer.status).toBe(200);
  });

  it('refuses members and writes, too, once every box has what it can take', async () => {
    const members = await holding(MEMBER, 2 * BOXES);
    expectRefused(await ask('/held/one-more', { headers: MEMBER }));
    expectRefused(await ask('/posts', { method: 'POST', headers: { ...MEMBER, 'Idempotency-Key': 'a' } }));
    await release();
    for (const answer of await Promise.all(members)) expect(answer).toMatchObject({ status: 200, text: 'at last' });
    expect((await ask('/', { headers: MEMBER })).status).toBe(200);
  });

  it('counts nobody whose request is still on its way: slow senders take no place', async () => {
    await limits({ 'in-flight': 1, 'public-reads': 1 });
    const slow = await slowSenders('/posts');
    expect((await ask('/', { headers: MEMBER })).status).toBe(200);
    expect((await ask('/')).status).toBe(200);
    for (const sent of slow) sent.destroy();
  });

  it('has places of their own for pictures that are slow to come', async () => {
    await limits({ 'in-flight': 1, 'public-reads': 1 });
    const slow = await slowSenders('/images');
    const members = await holding(MEMBER, BOXES);
    expectRefused(await ask('/images', { method: 'POST', headers: MEMBER }));
    await release();
    for (const answer of await Promise.all(members)) expect(answer.status).toBe(200);
    for (const sent of slow) sent.destroy();
  });

  it('follows other limits while it runs, and cuts nothing off that is under way', async () => {
    const strangers = await holding({}, 2);
    await limits({ 'in-flight': 2, 'public-reads': 3 });
    const third = await holding({}, 1);
    await release();
    for (const answer of await Promise.all([...strangers, ...third])) expect(answer.status).toBe(200);
  });

  it('says that nobody knows what was done when a box breaks off', async () => {
    const { status, headers, text } = await ask('/break', { method: 'POST', headers: MEMBER });
    expect(status).toBe(502);
    expect(headers['retry-after']).toBe('2');
    expect(text).toContain('A write may have been done all the same');
    const isBack = async () => (await ask('/', { headers: MEMBER })).status;
    expect(await eventually(isBack, (answer) => answer === 200, 5000)).toBe(200);
  });

  it('says when it sent a request on, whatever a visitor says of that', async () => {
    const { text } = await ask('/', { headers: { ...MEMBER, 'X-Request-Start': 't=1' } });
    const start = (JSON.parse(text) as IncomingHttpHeaders)['x-request-start'] as string;
    expect(start).toMatch(/^t=\d+\.\d{3}$/);
    expect(Math.abs(Date.now() / 1000 - Number(start.slice(2)))).toBeLessThan(60);
  });
});
