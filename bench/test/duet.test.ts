import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Guardian } from '@day90/infra';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { capacityDuet, type DuetArm, type DuetOptions } from '../src/capacity-duet.ts';
import { duetBoxes } from '../src/duet/duet-boxes.ts';
import { procStat } from '../src/duet/host-time.ts';

let scratch: string;
let guardian: Guardian;
let servers: Server[];

beforeEach(() => {
  scratch = mkdtempSync(`${tmpdir()}/day90-duet-`);
  guardian = new Guardian();
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  guardian.bye();
  rmSync(scratch, { recursive: true, force: true });
});

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(listener: Listener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers after some milliseconds: a number of connections that wait for it then has a capacity that no machine changes much. */
const after = (ms: number): Listener => {
  return (_request, response) => void setTimeout(() => response.end('{}'), ms);
};

const arm = (label: string, url: string, more: Partial<DuetArm> = {}): DuetArm => {
  return { label, urls: [url], connections: 32, boxes: [], ...more };
};

function duet(arms: DuetArm[], more: Partial<DuetOptions> = {}, signal = new AbortController().signal) {
  const context = { guardian, scratch, seed: 1, signal };
  return capacityDuet({ arms, blocks: 2, blockSeconds: 1, warmupSeconds: 0, context, ...more });
}

describe('capacityDuet', () => {
  it('loads all arms at the same time and counts what each of them answers', async () => {
    const seen = [0, 0];
    const counting = (at: number, ms: number): Listener => {
      const answer = after(ms);
      return (request, response) => {
        seen[at] = (seen[at] ?? 0) + 1;
        answer(request, response);
      };
    };
    const arms = [arm('slow', await serve(counting(0, 90))), arm('fast', await serve(counting(1, 30)))];
    const run = await duet(arms, { warmupSeconds: 1 });
    expect(run.blocks).toHaveLength(2);
    for (const { arms: blocks } of run.blocks) {
      expect(blocks[1]?.perSecond).toBeGreaterThan(blocks[0]?.perSecond ?? 0);
      const [a = 0, b = 0] = blocks[1]?.labels ?? [];
      expect(Math.min(a, b)).toBeGreaterThan(0);
      // Each label has half of the time, but for two slices of 0.1 s.
      expect((a + b) * 0.4).toBeLessThanOrEqual(seen[1] ?? 0);
    }
    const answered = run.blocks.reduce((sum, block) => sum + (block.arms[0]?.answered ?? 0), 0);
    expect(answered).toBeGreaterThan(0);
    // What was under way at the end of a block are not in it.
    expect(answered).toBeLessThan(seen[0] ?? 0);
    expect(run.generator).toMatchObject({ name: 'wrk', version: expect.stringMatching(/^\d+\.\d/) });
    expect(run.generator.ceiling).toBeGreaterThan(run.generator.rate);
  });

  it('asks for the given paths with their headers, each of them, and not all connections for the same one', async () => {
    const asked = new Map<string, number>();
    const url = await serve(({ url: path, headers }, response) => {
      const key = `${path} ${headers.cookie ?? '-'}`;
      asked.set(key, (asked.get(key) ?? 0) + 1);
      response.end('{}');
    });
    const requests = ['/posts/1', { path: '/me', headers: { Cookie: 'sid=s%3Aone; b=2' } }, '/posts?limit=3'];
    await duet([arm('one', url, { requests }), arm('same', url, { requests })], { blocks: 1 });
    expect([...asked.keys()].sort()).toEqual(['/me sid=s%3Aone; b=2', '/posts/1 -', '/posts?limit=3 -']);
    const counts = [...asked.values()];
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(2);
  });

  it('sends bodies by the method that is asked for', async () => {
    const asked = new Set<string>();
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url: path, headers } = request;
      if (method === 'POST') asked.add(`${path} ${headers.cookie} ${headers['content-type']} ${Buffer.concat(chunks)}`);
      response.end('{}');
    });
    const body = { title: 'Two  spaces', body: 'a tab \t and a "quote"' };
    const requests = [{ method: 'POST' as const, path: '/posts', headers: { Cookie: 'sid=1' }, body }];
    await duet([arm('one', url, { requests }), arm('same', url, { requests })], { blocks: 1 });
    expect([...asked]).toEqual([`/posts sid=1 application/json ${JSON.stringify(body)}`]);
  });

  it('loads every door of an arm, and one arm at a time where it is told to', async () => {
    const busy: string[] = [];
    const listener = (name: string): Listener => {
      const answer = after(40); // few enough a second that the machine is not what limits them
      return (request, response) => {
        if (busy.at(-1) !== name) busy.push(name);
        answer(request, response);
      };
    };
    const [one, left, right] = [
      await serve(listener('one')),
      await serve(listener('two')),
      await serve(listener('two')),
    ];
    const run = await duet([arm('one', one), arm('two', left, { urls: [left, right], connections: 64 })], {
      alternate: true,
    });
    // Two blocks in ABBA order, which meet in the middle.
    expect(busy).toEqual(['one', 'two', 'one']);
    const [block] = run.blocks;
    expect(block?.arms[1]?.perSecond).toBeGreaterThan(block?.arms[0]?.perSecond ?? 0);
  });

  it('keeps refusals apart from answers, and finds the block void', async () => {
    let turn = 0;
    const url = await serve((_request, response) => {
      turn += 1;
      response.writeHead(turn > 100 && turn % 4 === 0 ? 503 : 200).end('{}');
    });
    const run = await duet([arm('a', url), arm('b', url)], { blocks: 1 });
    const { answered, refused } = run.blocks[0]?.arms[0] ?? { answered: 0, refused: 0 };
    expect(run.blocks[0]?.problems).toContain(`a refused ${refused} of ${answered + refused} requests`);
    expect(refused / (answered + refused)).toBeGreaterThan(0.1);
    expect(refused / (answered + refused)).toBeLessThan(0.4);
  });

  it('reads the boxes’ CPU while they are under load, and finds a block void whose box was not at its limit', async () => {
    const url = await serve(after(5));
    const startedAt = performance.now();
    const using = (share: number) => () => {
      const micros = (performance.now() - startedAt) * 1000;
      return { cpuMicros: micros * share, periods: micros / 20_000, throttledPeriods: micros / 40_000 };
    };
    const limit = jest.fn();
    const box = (name: string, share: number) => ({ name, cpuShare: 0.2, usage: using(share), limit });
    const arms = [
      arm('idle', url, { boxes: [box('app-1', 0.1)] }),
      arm('full', url, { boxes: [box('app-1', 0.2), { name: 'nginx', usage: using(0.5) }], connections: 64 }),
      arm('free', url, { boxes: [box('app-1', 0.9)] }),
      arm('resting', url, { boxes: [{ ...box('app-1', 0.1), mayRest: true }] }),
    ];
    const run = await duet(arms, { blocks: 1 });
    // Lifted for the warm-up, and set for the blocks.
    expect(limit.mock.calls.flat()).toEqual([...Array(4).fill(undefined), ...Array(4).fill(0.2)]);
    const [block] = run.blocks;
    const [app, nginx] = block?.arms[1]?.boxes ?? [];
    // Time and use are not read in the same moment: on a busy machine some of 20 ms lie in between.
    expect(app?.used).toBeCloseTo(0.2, 1);
    expect(app?.throttled).toBeCloseTo(0.5, 1);
    expect(nginx?.used).toBeCloseTo(0.5, 1);
    expect(block?.problems).toContain('app-1 of idle used 50 % of its budget, 95 % is the least');
    expect(block?.problems).toContain('app-1 of free used 450 % of its budget: it is not enforced here');
    expect(block?.problems.filter((problem) => /full|resting/.test(problem))).toEqual([]);
  });

  it('refuses fewer connections than saturate the boxes, and an arm that does not answer', async () => {
    const url = await serve((_request, response) => void response.writeHead(404).end());
    const limited = { name: 'app-1', cpuShare: 0.2, usage: () => ({ cpuMicros: 0, periods: 0, throttledPeriods: 0 }) };
    await expect(duet([arm('two boxes', url, { boxes: [limited, limited] })])).rejects.toThrow(
      'two boxes: 32 connections, 64 are the least',
    );
    await expect(duet([arm('lost', `${url}/nowhere`)])).rejects.toThrow('lost answers 404 to /nowhere');
  });

  it('ends its generators at once when it is stopped', async () => {
    const stop = new AbortController();
    const url = await serve(after(5));
    const running = duet([arm('a', url), arm('b', url)], { warmupSeconds: 60 }, stop.signal);
    const refused = expect(running).rejects.toThrow('stopped');
    // The ceiling takes a second, then the arms' own load begins.
    await new Promise<void>((resolve) => {
      let connections = 0;
      servers[0]?.on('connection', () => {
        connections += 1;
        if (connections > 60) resolve();
      });
    });
    stop.abort(new Error('stopped'));
    await refused;
    await until(async () => (await connectionsOf(servers[0] as Server)) === 0);
  });
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 50 && !(await condition()); i += 1) await sleep(20);
  expect(await condition()).toBe(true);
}

describe('duetBoxes', () => {
  const setCpu = jest.fn();
  const usage = { cpuMicros: 1, periods: 2, throttledPeriods: 3 };
  const boxes = ['app-1', 'app-2', 'nginx'].map((name) => ({ name, ...(name !== 'nginx' && { cpuLimit: 0.2 }) }));
  const instance = {
    ready: { boxes },
    boxesOf: (role: string) => boxes.map(({ name }) => name).filter((name) => name.startsWith(role)),
    setCpu,
    usage: () => usage,
  } as unknown as Parameters<typeof duetBoxes>[0];

  it('are all replicas of a role, with the budgets they have', () => {
    const found = duetBoxes(instance, ['app', 'nginx']);
    const budgets = [
      ['app-1', 0.2],
      ['app-2', 0.2],
      ['nginx', undefined],
    ];
    expect(found.map(({ name, cpuShare }) => [name, cpuShare])).toEqual(budgets);
    found[1]?.limit?.(0.1);
    expect(setCpu).toHaveBeenCalledWith('app-2', 0.1);
    expect(found[0]?.usage()).toBe(usage);
  });

  it('take the budgets of a claim instead', () => {
    const found = duetBoxes(instance, ['app', 'nginx'], { app: undefined, nginx: 0.05 });
    expect(found.map(({ cpuShare }) => cpuShare)).toEqual([undefined, undefined, 0.05]);
  });
});

describe('procStat', () => {
  it('adds up all cores, with waiting as idle and stolen time as used', () => {
    const text = 'cpu  10 1 20 500 30 2 3 4 5 0\ncpu0 5 0 10 250 15 1 1 2 0 0\nctxt 1\n';
    expect(procStat(text)).toEqual({ idle: 530, all: 570 });
  });

  (process.platform === 'linux' ? it : it.skip)('reads this machine’s', () => {
    const { idle, all } = procStat(readFileSync('/proc/stat', 'utf8'));
    expect(idle).toBeGreaterThan(0);
    expect(all).toBeGreaterThan(idle);
  });
});
