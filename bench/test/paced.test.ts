import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Guardian } from '@day90/infra';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HeldVisitors } from '../src/held/held-visitors.ts';
import { AnswerReader } from '../src/paced/answer-reader.ts';
import { pacedLoad, requestOf } from '../src/paced/paced-load.ts';
import { CLOSED, FROM_DATABASE, FROM_EDGE, SENT_AGAIN } from '../src/paced/paced-plan.ts';

describe('AnswerReader', () => {
  const HIT =
    'HTTP/1.1 200 OK\r\nX-Cache: HIT\r\nServer-Timing: db;dur=0;desc="0 queries"\r\nContent-Length: 5\r\n\r\nwhole';

  it('gives an answer once all of it has come, wherever it was cut', () => {
    for (let cut = 1; cut < HIT.length; cut += 1) {
      const reader = new AnswerReader();
      expect(reader.push(Buffer.from(HIT.slice(0, cut)))).toBeUndefined();
      expect(reader.push(Buffer.from(HIT.slice(cut)))).toEqual({
        ...{ status: 200, fromEdge: true, fromDatabase: false, keep: true },
      });
    }
  });

  it('sees that a database was asked, and that the connection ends', () => {
    const head = 'HTTP/1.1 201 Created\r\nServer-Timing: db;dur=2;desc="2 queries"\r\nConnection: close';
    expect(new AnswerReader().push(Buffer.from(`${head}\r\nContent-Length: 0\r\n\r\n`))).toEqual({
      ...{ status: 201, fromEdge: false, fromDatabase: true, keep: false },
    });
  });

  it('reads nothing that has no length, and nothing beyond it', () => {
    const push = (text: string) => () => new AnswerReader().push(Buffer.from(text));
    expect(push('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toThrow('Content-Length');
    expect(push('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab')).toThrow('more came');
  });
});

let scratch: string;
let guardian: Guardian;
let server: Server;
let url: string;
let seen: string[];
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'day90-test-'));
  guardian = new Guardian();
  seen = [];
  let lost = 0;
  server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    seen.push(`${req.method} ${req.url} ${req.headers.cookie ?? ''} ${body}`.trim());
    if (req.url === '/gone' || (req.url === '/lost' && lost++ === 0)) return void req.socket.destroy();
    if (req.url === '/slow') await sleep(300);
    if (req.url === '/hit') res.setHeader('X-Cache', 'HIT');
    if (req.url === '/asked') res.setHeader('Server-Timing', 'db;dur=1;desc="1 query"');
    res.setHeader('Content-Length', 2).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  guardian.bye();
  rmSync(scratch, { recursive: true, force: true });
});

const around = () => ({ url, scratch, guardian, signal: new AbortController().signal });

describe('pacedLoad', () => {
  it('sends each when it is due, whatever became of those before it, and tells what did', async () => {
    const targets = [
      requestOf(url, { path: '/slow' }),
      requestOf(url, { path: '/hit', headers: { Cookie: 'sid=1' } }),
      requestOf(url, { path: '/asked' }),
      requestOf(url, { method: 'POST', path: '/gone', body: { title: 'ü' } }),
    ];
    const order = Uint32Array.of(0, 1, 2, 3, 0);
    const run = await pacedLoad({ ...around(), targets, order, pace: { rate: 50 } });
    expect([...run.status]).toEqual([200, 200, 200, 0, 200]);
    expect([...run.flags]).toEqual([0, FROM_EDGE, FROM_DATABASE, CLOSED, 0]);
    expect(run.took[0]).toBeGreaterThanOrEqual(299);
    expect(run).toMatchObject({ sent: 5, count: 5 });
    expect(seen.sort()).toEqual([
      'GET /asked',
      'GET /hit sid=1',
      'GET /slow',
      'GET /slow',
      'POST /gone  {"title":"ü"}',
    ]);
  });

  it('sends once more what was lost with a kept connection, where that does no harm', async () => {
    const write = requestOf(url, { method: 'POST', path: '/gone', body: {} });
    const targets = [requestOf(url, { path: '/hit' }), requestOf(url, { path: '/lost' }), write];
    const pace = { atOnce: 1, seconds: 10 };
    const run = await pacedLoad({ ...around(), targets, order: Uint32Array.of(0, 1, 2), pace });
    expect([...run.status]).toEqual([200, 200, 0]);
    expect([...run.flags]).toEqual([FROM_EDGE, SENT_AGAIN, CLOSED]);
    expect(seen).toEqual(['GET /hit', 'GET /lost', 'GET /lost', 'POST /gone  {}']);
  });
});

// On other systems only 127.0.0.1 is there.
(process.platform === 'linux' ? describe : describe.skip)('HeldVisitors', () => {
  it('holds as many as asked for, from several addresses, and tells who has gone', async () => {
    const addresses = new Set<string | undefined>();
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => addresses.add(socket.remoteAddress));
    const visitors = new HeldVisitors({ ...around(), path: '/hit', most: 20 });
    try {
      expect(await visitors.open(10)).toMatchObject({ open: 10, failed: {} });
      expect(await visitors.open(20)).toMatchObject({ open: 20, failed: {} });
      expect(seen).toHaveLength(20);
      expect(addresses.size).toBe(8);
      expect(await visitors.askEach(1)).toMatchObject({ open: 20, asked: 20, answered: 20 });
      server.closeAllConnections();
      while ((await visitors.look()).open > 0) await sleep(20);
    } finally {
      await visitors.close();
    }
  });
});
