import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { securityHeaders } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeBox, rawGet as get, type NginxRig, rawPost as post, sendRaw, startNginx } from './nginx-rig.ts';

let box: FakeBox;
let rig: NginxRig;
beforeAll(async () => {
  box = new FakeBox('app-1');
  rig = await startNginx([await box.listen()]);
});
beforeEach(() => {
  box.seen.length = 0;
  box.answer = (_req, res) => res.end();
});
afterAll(async () => {
  await rig.close();
  await box.die();
});

/** What core's middleware sends, were the app asked to. */
async function headersOfCore(): Promise<Record<string, string>> {
  const middleware = securityHeaders('http://localhost');
  const server = createServer((req, res) => middleware(req as never, res as never, () => res.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  return withoutOwn(headers, ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
}

function withoutOwn(headers: Headers, own: string[]): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !own.includes(name)));
}

/** The headers of a raw head; two of one name are joined. */
function headersOf(head: string): Headers {
  const lines = head.split('\r\n').slice(1);
  return new Headers(lines.map((line): [string, string] => [line.split(': ', 1)[0] ?? '', line.replace(/^.*?: /, '')]));
}

const OF_EVERY_ANSWER = [
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'server',
  'x-request-id',
];

describe("an app's answer", () => {
  it.each([200, 204, 304, 404, 503])('%d gets the headers that core would send', async (status) => {
    box.answer = (_req, res) => res.writeHead(status).end();
    const { headers } = await fetch(`${rig.url}/posts`);
    expect(withoutOwn(headers, OF_EVERY_ANSWER)).toEqual(await headersOfCore());
    expect(headers.get('server')).toBe('nginx');
    expect(headers.get('x-request-id')).toBe(box.seen[0]?.headers['x-request-id']);
  });

  it('keeps its own, each once', async () => {
    const own = {
      ...(await headersOfCore()),
      'content-security-policy': "default-src 'none';sandbox",
      'x-request-id': 'own',
    };
    box.answer = (_req, res) => res.writeHead(200, own).end();
    const { headers } = await fetch(`${rig.url}/posts`);
    expect(withoutOwn(headers, OF_EVERY_ANSWER)).toEqual({ ...own, 'x-request-id': undefined });
    expect(headers.get('x-request-id')).toBe(box.seen[0]?.headers['x-request-id']);
  });

  it('of 200 kB comes whole', async () => {
    const body = 'x'.repeat(200_000);
    box.answer = (_req, res) => res.end(body);
    expect(await (await fetch(`${rig.url}/posts`)).text()).toBe(body);
  });
});

const LARGE = 'x'.repeat(102_401);

describe("nginx' own answer", () => {
  it.each([
    ['to a path that can not be read', get('/%zz'), 400, 'invalid'],
    ['to a path with a NUL', get('/a%00b'), 400, 'invalid'],
    ['to a path above the root', get('/../x'), 400, 'invalid'],
    ['to a head without a host', 'GET / HTTP/1.1\r\n\r\n', 400, 'invalid'],
    ['to a path of its own', get('/keyed-post'), 404, 'not_found'],
    ['to its page of problems', get('/problem'), 404, 'not_found'],
    ['to TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\nCookie: sid=canary\r\n\r\n', 404, 'not_found'],
    ['to a body of 100 kB and a byte', post(`Content-Length: ${LARGE.length}`, LARGE), 413, 'too_large'],
    [
      'to one in chunks',
      post('Transfer-Encoding: chunked', `${LARGE.length.toString(16)}\r\n${LARGE}\r\n0\r\n\r\n`),
      413,
      'too_large',
    ],
    ['to a URL of 8 kB', get(`/${'x'.repeat(8_192)}`), 414, 'too_large'],
    ['to a header of 8 kB', get('/', `X: ${'x'.repeat(8_192)}\r\n`), 431, 'too_large'],
    ['to headers of 20 kB', get('/', `X: ${'x'.repeat(5_000)}\r\n`.repeat(4)), 431, 'too_large'],
  ])('%s is a problem like those of the app', async (_what, bytes, status, code) => {
    const { text } = await sendRaw(rig.port, bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const headers = headersOf(head);
    expect(Number(head.split(' ')[1])).toBe(status);
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
      ...(status === 400 && { errors: [{ path: '', message: 'is malformed' }] }),
      requestId: headers.get('x-request-id'),
    });
    expect(withoutOwn(headers, OF_EVERY_ANSWER)).toEqual({
      ...(await headersOfCore()),
      'content-type': 'application/problem+json',
      'x-served-by': 'nginx',
      'server-timing': 'db;dur=0;desc="0 queries", app;dur=0',
    });
    expect(headers.get('server')).toBe('nginx');
    expect(text).not.toContain('canary');
    expect(box.seen).toEqual([]);
  });

  it('says when to come back while no box can be reached', async () => {
    const gone = await startNginx([1]);
    const answer = await fetch(`${gone.url}/posts`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([502, '2']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ title: 'Bad Gateway', status: 502, code: 'overloaded' });
    await gone.close();
  });
});

describe('the access log', () => {
  it('is JSON, one line a request, whatever is in it, and holds no secrets', async () => {
    const hostile = ['"\\","status":200}{"', '\xff\xc0\xe2\x28', '\u0001\u001b[31m\t\x7f', "';<script>$request_uri$$"];
    const secret = 'Cookie: sid=canary-cookie\r\nAuthorization: Bearer canary-token\r\nReferer: canary-referer\r\n';
    const logged = await startNginx([box.port]);
    const raw = [
      get('/posts?one=1', secret),
      ...hostile.map((text) => get(`/posts?q=${text}`, secret)),
      'GET /nine\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', // a TLS greeting
      'GET /"\\ HTTP/1.1\r\nHost: "},{"\r\n\r\n',
    ];
    await Promise.all(raw.map((bytes) => sendRaw(logged.port, bytes)));
    const lines = await eventually(
      async () => logged.log(),
      (all) => all.length >= raw.length,
    );
    expect(lines).toHaveLength(raw.length);
    expect(lines.find(({ url }) => url === '/posts?one=1')).toEqual({
      time: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      ip: '127.0.0.1',
      method: 'GET',
      url: '/posts?one=1',
      status: 200,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
      upstream: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      upstreamStatus: '200',
      upstreamConnectSeconds: expect.stringMatching(/^\d\.\d{3}$/),
      upstreamSeconds: expect.stringMatching(/^\d\.\d{3}$/),
      serverTiming: '',
    });
    expect(new Set(lines.map((line) => Object.keys(line).join()))).toHaveProperty('size', 1);
    expect(logged.nginx.output()).not.toContain('canary');
    await logged.close();
  });

  it('names both boxes when a second one was asked', async () => {
    const [dead, alive] = [new FakeBox('dead'), new FakeBox('alive')];
    const ports = [await dead.listen(), await alive.listen()];
    await dead.die();
    const two = await startNginx(ports);
    await fetch(`${two.url}/posts`);
    const [line] = await eventually(
      async () => two.log(),
      (all) => all.length === 1,
    );
    expect(line).toMatchObject({
      status: 200,
      upstream: ports.map((port) => `127.0.0.1:${port}`).join(', '),
      upstreamStatus: '502, 200',
    });
    await two.close();
    await alive.die();
  });
});
