import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Answer, RequestOptions } from './answer.ts';
import type { Problem } from './check-answer.ts';
import type { ContractRig } from './contract-rig.ts';
import { UNKNOWN_ID } from './one-post.ts';

/** What every browser must be told, whatever the answer is. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** One of each class of answer: its call, and its status and code. */
const CLASSES: [string, string, RequestOptions & { member?: true }, number, string | undefined][] = [
  ['a list', 'GET /posts?limit=1', {}, 200, undefined],
  ['a written post', 'POST /posts', { member: true, json: { title: 'T', body: 'B' } }, 201, undefined],
  ['nothing to say', 'POST /posts/1/views', {}, 204, undefined],
  ['the API document', 'GET /openapi.json', {}, 200, undefined],
  ['a picture', 'GET /static/avatars/1.svg', {}, 200, undefined],
  ['an invalid request', 'GET /posts?limit=0', {}, 400, 'invalid'],
  ['a path that is none', 'GET /posts/%E0%A4%A', {}, 400, 'invalid'],
  ['no session', 'GET /me', {}, 401, 'unauthenticated'],
  ['a wrong password', 'POST /login', { json: { email: 'a@day90.test', password: 'wrong' } }, 401, 'unauthenticated'],
  ['another site', 'POST /login', { json: {}, headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'forbidden'],
  ['no such post', `GET /posts/${UNKNOWN_ID}`, {}, 404, 'not_found'],
  ['no such page', 'GET /no-such-page', {}, 404, 'not_found'],
  ['no such picture', 'GET /static/none.png', {}, 404, 'not_found'],
  ['too large a body', 'POST /signup', { json: { name: 'x'.repeat(200_000) } }, 413, 'too_large'],
  ['no JSON', 'POST /signup', { body: 'a=b', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_type'],
];

/** What all answers have in common, by their class. */
export function describeAnswers(rig: ContractRig): void {
  describe('answers', () => {
    it.each(CLASSES)(
      'have their headers and their shape: %s',
      async (_what, call, { member, ...options }, status, code) => {
        const answer = await rig.send(call, { ...options, ...(member && { as: await rig.member(0) }) });
        expect(answer.status).toBe(status);
        expectSecurityHeaders(rig, answer);
        if (code !== undefined)
          expect(answer.json<Problem>()).toMatchObject({ type: 'about:blank', title: expect.any(String), code });
      },
    );

    it('have their headers also when there is nothing new (304) and after a lost race (412)', async () => {
      const as = await rig.member(0);
      const { id } = await rig.newPost(as);
      const etag = (await rig.send(`GET /posts/${id}`)).headers.get('etag') ?? '';
      const unchanged = await rig.send(`GET /posts/${id}`, { headers: { 'if-none-match': etag } });
      const lost = await rig.send(`PUT /posts/${id}`, { as, json: { title: 'T' }, headers: { 'if-match': '"0-0"' } });
      expect([unchanged.status, lost.status]).toEqual([304, 412]);
      for (const answer of [unchanged, lost]) expectSecurityHeaders(rig, answer);
    });

    it('count the queries that they cost', async () => {
      // From a place where nobody has begun a page before, and no cache has it.
      const anywhere = `${Date.now()}_1`;
      const page = await rig.send(`GET /posts?limit=5&before=${anywhere}`);
      expect(page.headers.get('server-timing')).not.toContain('"0 queries"');
      expect((await rig.send('GET /no-such-page')).headers.get('server-timing')).toContain('"0 queries"');
    });

    it('carry an id of their own, or the one that came with the request if it is one', async () => {
      const idOf = async (headers = {}) =>
        (await rig.send('GET /posts?limit=1', { headers })).headers.get('x-request-id');
      const [first, second, given] = [await idOf(), await idOf(), randomUUID()];
      expect(first).not.toBe(second);
      expect((await idOf({ 'x-request-id': given })) === given).toBe(!rig.app.namesRequests);
      expect(await idOf({ 'x-request-id': 'forged line {"level":50}' })).not.toContain('forged');
    });

    it('to HEAD are those to GET without the body', async () => {
      const [get, head] = [await rig.send('GET /posts?limit=1'), await rig.send('HEAD /posts?limit=1')];
      expect([head.status, head.text]).toEqual([200, '']);
      for (const name of ['content-type', 'content-length']) expect(head.headers.get(name)).toBe(get.headers.get(name));
      expect((await rig.send(`HEAD /posts/${UNKNOWN_ID}`)).status).toBe(404);
    });

    it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      'to %s of an unknown page are 404',
      async (method) => {
        expect((await rig.send(`${method} /no-such-page`)).status).toBe(404);
      },
    );

    it.each([
      'DELETE /posts/1',
      'PATCH /posts/1',
      'PUT /users/1',
      'DELETE /me',
      'GET /login',
      'GET /logout',
      'GET /posts/1/views',
    ])('to %s, which no route takes, are 404', async (call) => {
      expect((await rig.send(call)).status).toBe(404);
    });

    it('to TRACE never repeat the request', async () => {
      const { status, body } = await trace(rig.app.url);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toContain('a-secret-cookie');
    });

    it('tell that the box is alive, and that it is ready', async () => {
      for (const path of ['/livez', '/readyz']) {
        expect((await rig.visitor.sendUnchecked(`GET ${path}`)).status).toBe(200);
        expect((await rig.visitor.sendUnchecked(`HEAD ${path}`)).status).toBe(200);
      }
    });
  });
}

function expectSecurityHeaders(rig: ContractRig, { headers }: Answer): void {
  expect(Object.fromEntries(Object.keys(SECURITY_HEADERS).map((name) => [name, headers.get(name)]))).toEqual(
    SECURITY_HEADERS,
  );
  // A browser ignores it over plain HTTP (RFC 6797, 8.1).
  expect(headers.has('strict-transport-security')).toBe(rig.app.url.startsWith('https:'));
  expect(headers.get('server') ?? '').not.toMatch(/\d/);
}

/** `fetch` refuses to send TRACE. */
function trace(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/posts`,
      { method: 'TRACE', headers: { cookie: 'a-secret-cookie' }, agent: false },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      },
    );
    sent.on('error', reject).end();
  });
}
