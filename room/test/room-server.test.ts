import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadInput } from '@day90/infra';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveRoom, urlOf } from '../src/room-server.ts';

const TOKEN = 'the-token';
let server: Server;
let acted: unknown[];

beforeAll(async () => {
  acted = [];
  server = await serveRoom(0, {
    files: { '/': { type: 'text/html', body: 'the page' }, '/room.js': { type: 'text/javascript', body: 'script' } },
    token: TOKEN,
    watch: (res) => res.end('event: scene\n\n'),
    writes: {
      '/act': async (body) => {
        if (body === 'bad') throw new BadInput('no such box');
        acted.push(body);
        return { command: 'kill' };
      },
    },
  });
});
afterAll(() => void server.close());

/** Not by `fetch`, which sets a browser's headers as it likes. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body = '' } = {},
): Promise<{ status?: number; text: string; csp: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const req = request(
      { port, host: '127.0.0.1', path, method, headers: { 'Content-Length': body.length, ...headers } },
      (res) => {
        let text = '';
        res.on('data', (part) => (text += part));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, text, csp: String(res.headers['content-security-policy']) }),
        );
      },
    );
    req.once('error', reject).end(body);
  });
}
const write = (headers: object, body = '{"do":"kill"}') =>
  ask('/act', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', 'X-Room-Token': TOKEN, ...headers },
  });

describe('the server of the room', () => {
  it('shows the page to who has its whole address, and lets it load nothing from elsewhere', async () => {
    const { status, text, csp } = await ask(urlOf(server, TOKEN).replace(/^.*:\d+/, ''));
    expect([status, text]).toEqual([200, 'the page']);
    expect(csp).toMatch(/default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
  });

  it('listens on this machine only', () => {
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
  });

  it.each([
    ['the page without its key', '/', {}, 403],
    ['events with another key', '/events?key=wrong', {}, 403],
    ['a host that leads here by a trick', `/?key=${TOKEN}`, { Host: 'evil.example' }, 421],
    ['a path that is none', '/constructor', {}, 404],
    ['a write by GET', `/act?key=${TOKEN}`, { 'X-Room-Token': TOKEN }, 404],
  ])('refuses %s, with the same headers', async (_what, path, headers, status) => {
    const refused = await ask(path, { headers });
    expect(refused.status).toBe(status);
    expect(refused.csp).toContain("default-src 'none'");
    expect(acted).toEqual([]);
  });

  it.each([
    ['without the token', { 'X-Room-Token': 'wrong' }, 403],
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['from another port of this machine', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['of another origin, from an older browser', { Origin: 'http://127.0.0.1:1' }, 403],
    ['of no origin, as a sandboxed frame has it', { Origin: 'null' }, 403],
    ['as a form', { 'Content-Type': 'text/plain' }, 415],
    ['of a foreign host', { Host: 'evil.example' }, 421],
  ])('refuses a write %s, and does nothing', async (_what, headers, status) => {
    expect((await write(headers)).status).toBe(status);
    expect(acted).toEqual([]);
  });

  it('does what its page asks, and says in words what is wrong', async () => {
    expect(await write({ 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({ status: 200, text: '{"command":"kill"}' });
    expect(acted).toEqual([{ do: 'kill' }]);
    expect(await write({}, '"bad"')).toMatchObject({ status: 400, text: 'no such box\n' });
    expect((await write({}, '{')).status).toBe(400);
    expect((await write({}, ' '.repeat(1001))).status).toBe(413);
  });
});
