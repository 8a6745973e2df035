import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canHaveTool, Guardian } from '@day90/infra';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attack, attackCeiling } from '../src/attack.ts';

let scratch: string;
let guardian: Guardian;
let server: Server;
let seen: { method: string; url: string; cookie: string; body: string }[];

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'day90-test-'));
  guardian = new Guardian();
  seen = [];
  server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const { method = '', url = '', headers } = req;
    seen.push({ method, url, cookie: headers.cookie ?? '', body });
    if (url === '/gone') return void req.socket.destroy();
    if (url === '/slow') await sleep(300);
    if (url === '/full') res.setHeader('Retry-After', '2').statusCode = 503;
    res.setHeader('X-Served-By', url.startsWith('/own/') ? url : 'app-1').end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  guardian.bye();
  rmSync(scratch, { recursive: true, force: true });
});

const around = () => ({
  ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, scratch, guardian },
  signal: new AbortController().signal,
});

// It is built by Go where it is not there, see tools.ts.
(canHaveTool('vegeta') ? describe : describe.skip)('attack', () => {
  it('takes a rate that is no whole number', async () => {
    const shots = Array.from({ length: 5 }, () => ({ path: '/a' }));
    const hits = await (await attack({ ...around(), shots, pace: { rate: 12.5 } }))();
    expect(hits.map(({ due, status }) => [due, status])).toEqual([0, 80, 160, 240, 320].map((due) => [due, 200]));
    expect(seen).toHaveLength(5);
  });

  it('sends each shot once and tells what became of it', async () => {
    const shots = [
      { path: '/a', headers: { Cookie: 'sid=1' } },
      { method: 'POST' as const, path: '/b', body: { title: 'b' } },
      { path: '/full' },
      { path: '/gone' },
      { path: '/slow' },
    ];
    const began = Date.now();
    const hits = await (await attack({ ...around(), shots, pace: { rate: 50 } }))();
    expect(hits.map(({ shot, status }) => [shot, status])).toEqual([
      [0, 200],
      [1, 200],
      [2, 503],
      [3, 0],
      [4, 200],
    ]);
    expect(hits.map(({ due }) => due)).toEqual([0, 20, 40, 60, 80]);
    expect(hits[2]).toMatchObject({ retryAfter: 2, servedBy: 'app-1' });
    expect(hits[3]?.error).toMatch(/EOF|reset/);
    expect(hits[4]?.took).toBeGreaterThanOrEqual(299);
    expect(seen).toContainEqual({ method: 'GET', url: '/a', cookie: 'sid=1', body: '' });
    expect(seen).toContainEqual({ method: 'POST', url: '/b', cookie: '', body: '{"title":"b"}' });
    expect(Math.abs((hits[0]?.at ?? 0) - began)).toBeLessThan(30_000);
  });

  it('knows which shot an answer is of, also where many are sent in one moment', async () => {
    const shots = Array.from({ length: 50 }, (_, n) => ({ path: `/own/${n}` }));
    const hits = await (await attack({ ...around(), shots, pace: { atOnce: 64, seconds: 1 } }))();
    expect(hits.length).toBeGreaterThan(50);
    expect(hits.filter(({ shot, servedBy }) => servedBy !== shots[shot]?.path)).toEqual([]);
  });

  it('waits for no answer at a rate, and for each where so many are under way at once', async () => {
    const shots = Array.from({ length: 20 }, () => ({ path: '/slow' }));
    const open = await (await attack({ ...around(), shots, pace: { rate: 200 } }))();
    expect(open).toHaveLength(20);
    const closed = await (await attack({ ...around(), shots, pace: { atOnce: 2, seconds: 1 } }))();
    expect(closed.length).toBeGreaterThanOrEqual(2);
    expect(closed.length).toBeLessThan(20);
  });

  it('sends no more on the mean than a closed pace may, however fast the answers are', async () => {
    const pace = { atOnce: 2, seconds: 1, mostPerSecond: 30 };
    const { length } = await (await attack({ ...around(), shots: [{ path: '/full' }], pace }))();
    expect(length).toBeGreaterThan(2);
    expect(length).toBeLessThanOrEqual(31);
  });

  it('knows how much it could send', async () => {
    const { url: _any, ...rest } = around();
    expect(await attackCeiling(rest)).toBeGreaterThan(100);
  });
});
