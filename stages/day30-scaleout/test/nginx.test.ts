import { readFileSync } from 'node:fs';
import { Resources, startServer } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  dies,
  FakeBox,
  hangs,
  type NginxRig,
  otherAddresses,
  rawGet,
  sendRaw,
  startNginx,
  takesConnections,
} from './nginx-rig.ts';

let boxes: FakeBox[];
let rig: NginxRig;
beforeEach(async () => {
  boxes = ['app-1', 'app-2', 'app-3'].map((name) => new FakeBox(name));
  rig = await startNginx(await Promise.all(boxes.map((box) => box.listen())));
});
afterEach(async () => {
  await rig.close();
  await Promise.all(boxes.map((box) => box.die()));
});
const box = (n: number) => boxes[n] as FakeBox;
const asked = () => boxes.map(({ seen }) => seen.length);
const send = (method: string, path: string, headers: Record<string, string> = {}, body = '{}') =>
  fetch(rig.url + path, {
    method,
    headers,
    redirect: 'manual',
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  });
const KEY = { 'Idempotency-Key': 'a-key' };

describe('a box that dies with a request', () => {
  beforeEach(() => {
    box(0).answer = dies;
  });

  it.each([
    ['GET', '/posts', {}],
    ['GET', '/posts/1?x=1', {}],
    ['HEAD', '/posts', {}],
    ['PUT', '/posts/1', {}],
    ['POST', '/posts', KEY],
    ['POST', '/posts?x=1', KEY],
  ])('%s %s %j is asked of another, once', async (method, path, headers) => {
    const body = 'x'.repeat(102_400);
    const answer = await send(method, path, headers, body);
    expect(answer.status).toBe(200);
    expect(asked()).toEqual([1, 1, 0]);
    expect(box(1).seen).toEqual(box(0).seen);
    expect(box(1).seen[0]).toMatchObject({ method, url: path });
    if (method === 'POST') expect(box(1).seen[0]?.body).toBe(body);
  });

  it.each([
    ['POST', '/posts', {}],
    ['POST', '/posts', { 'Idempotency-Key': '' }],
    ['POST', '/signup', KEY],
    ['POST', '/login', KEY],
    ['POST', '/posts/1/views', KEY],
    ['POST', '/posts/', KEY],
    ['POST', '//posts', KEY],
    ['POST', '/posts;x', KEY],
    ['POST', '/%70osts', KEY],
    ['PATCH', '/posts', KEY],
  ])('%s %s %j is not: nobody knows what the first one did with it', async (method, path, headers) => {
    expect((await send(method, path, headers)).status).toBe(502);
    expect(asked()).toEqual([1, 0, 0]);
  });

  it('gets no request for a while', async () => {
    for (let n = 0; n < 8; n++) expect((await send('GET', '/posts')).status).toBe(200);
    expect(asked()).toEqual([1, 4, 4]);
  });

  it('is no reason to try a third', async () => {
    box(1).answer = dies;
    expect((await send('POST', '/posts', KEY)).status).toBe(502);
    expect(asked()).toEqual([1, 1, 0]);
  });
});

describe('a box', () => {
  it('that can not be reached costs nothing, not even a POST without a key', async () => {
    await box(0).die();
    expect((await send('POST', '/posts')).status).toBe(200);
    expect(asked()).toEqual([0, 1, 0]);
  });

  it('that is silent loses a GET and a keyed POST to another, and no other POST', async () => {
    box(0).answer = hangs;
    const ask = async (...call: Parameters<typeof send>) => {
      const count = asked()[0] ?? 0;
      const answer = send(...call);
      await eventually(
        async () => asked()[0],
        (now) => now === count + 1,
      );
      for (let n = 0; n < 2; n++) await send('GET', '/'); // the other two boxes, so that the next one is for the first
      return { answer };
    };
    const [post, keyed, get] = [
      await ask('POST', '/posts'),
      await ask('POST', '/posts', KEY),
      await ask('GET', '/posts/1'),
    ];
    const answers = await Promise.all([post, keyed, get].map(({ answer }) => answer));
    expect(answers.map(({ status }) => status)).toEqual([504, 200, 200]);
    expect(asked().reduce((sum, count) => sum + count)).toBe(3 + 6 + 2);
  });

  it.each([500, 502, 503, 504])('that answers %d has answered: it is passed on, and asked again', async (status) => {
    for (const one of boxes) {
      one.answer = (_req, res) =>
        res.writeHead(status, { 'Retry-After': '7', 'Content-Type': 'application/problem+json' }).end('{"own":true}');
    }
    for (let n = 1; n <= 3; n++) {
      const answer = await send('GET', '/posts');
      expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
        status,
        '7',
        '{"own":true}',
      ]);
    }
    expect(asked()).toEqual([1, 1, 1]);
  });

  it('is reached over connections that are kept', async () => {
    for (let n = 0; n < 30; n++) await (await send('GET', '/posts')).text();
    expect(asked()).toEqual([10, 10, 10]);
    // Each of two workers keeps its own.
    for (const { connections } of boxes) expect(connections).toBeLessThanOrEqual(2);
  });

  it('may go on listening for nobody but this machine', async () => {
    for (const address of otherAddresses())
      expect([address, await takesConnections(address, rig.port)]).toEqual([address, false]);
    expect(await takesConnections('127.0.0.1', rig.port)).toBe(true);
  });
});

describe('what a box is told of the visitor', () => {
  it('is what nginx saw, whatever the visitor claims', async () => {
    await send('GET', '/posts', {
      'X-Forwarded-For': '203.0.113.9, 198.51.100.7',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil.example',
      'X-Request-Id': 'chosen-by-the-visitor',
    });
    const [{ headers } = { headers: {} }] = box(0).seen;
    expect(headers).toMatchObject({
      host: `127.0.0.1:${rig.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${rig.port}`,
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('holds one address and one id also when the visitor sends two of each', async () => {
    const twice = [
      'X-Forwarded-For: 203.0.113.9',
      'x-forwarded-for: 198.51.100.7',
      'X-Request-Id: a',
      'x-request-id: b',
    ];
    await sendRaw(rig.port, `GET / HTTP/1.1\r\nHost: x\r\n${twice.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    expect(box(0).seen[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(box(0).seen[0]?.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has a host for HTTP/1.0 without one', async () => {
    const { text } = await sendRaw(rig.port, 'GET /posts HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is the URL as it was sent', async () => {
    await send('GET', '/posts/%31?a=%20b&limit=1');
    expect(box(0).seen[0]?.url).toBe('/posts/%31?a=%20b&limit=1');
  });
});

describe('the limits of nginx', () => {
  it('let a head through that Node takes, at its largest', async () => {
    const line = (name: string) => `${name}: ${'x'.repeat(7_000)}\r\n`;
    const { text } = await sendRaw(rig.port, rawGet(`/${'x'.repeat(900)}`, line('X-One') + line('X-Two')));
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('let a body through that the app takes, at its largest', async () => {
    expect((await send('POST', '/posts', {}, 'x'.repeat(102_400))).status).toBe(200);
    expect(box(0).seen[0]?.body).toHaveLength(102_400);
  });

  it('end an idle connection to a box before the box does', async () => {
    const resources = new Resources();
    const app = await startServer(
      { app: (_req, res) => res.end(), resources },
      { host: '127.0.0.1', port: 0, drainMs: 0 },
    );
    const kept = /timeout=(\d+)/.exec((await fetch(app.url)).headers.get('keep-alive') ?? '')?.[1];
    await app.drain();
    const template = readFileSync(new URL('../nginx/nginx.conf', import.meta.url), 'utf8');
    const seconds = /upstream app \{.*?keepalive_timeout (\d+)s;/s.exec(template)?.[1];
    expect(Number(seconds)).toBeLessThan(Number(kept));
  });
});
