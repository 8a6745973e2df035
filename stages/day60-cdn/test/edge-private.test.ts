import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { PRIVATE_PATHS } from '../claims/private/private-paths.ts';
import { EdgeRig, freshPath, type Place } from './edge-rig.ts';
import { publicAnswer } from './public-answer.ts';

const rig = EdgeRig.ofThisFile('private');
const ALICE = { cookie: 'sid=alice' };
const SECRET = 'for-alice-alone';

/** An app that knows its visitors, and is wrong about what may be kept: it calls public whatever it says. */
const careless: RequestListener = (req, res) =>
  publicAnswer(req.headers.cookie?.includes('alice') ? SECRET : 'for anybody')(req, res);

describe('no cookie leaks', () => {
  it.each(PRIVATE_PATHS)('when its owner is led to %s, whichever edge they and the others ask', async (path) => {
    rig.answer = careless;
    const ways: [Place, Place][] = [
      ['seoul', 'seoul'],
      ['la', 'la'],
      ['la', 'seoul'],
      ['la', 'london'],
    ];
    for (const [alices, others] of ways) {
      await rig.ask(alices, path, { headers: ALICE });
      for (const headers of [{}, { cookie: 'sid=bob' }, { authorization: 'Bearer x' }])
        expect((await rig.ask(others, path, { headers })).text).not.toContain(SECRET);
    }
  });

  it('with a public page: it is made for nobody, whoever asks', async () => {
    rig.answer = careless;
    for (const place of ['seoul', 'la'] as const) {
      const path = freshPath();
      expect((await rig.ask(place, path, { headers: ALICE })).text).toBe('for anybody');
      expect((await rig.ask(place, path)).text).toBe('for anybody');
    }
  });

  it('and its owner is not taken for somebody else where they log in', async () => {
    rig.answer = careless;
    expect((await rig.ask('la', '/me', { headers: ALICE })).text).toBe(SECRET);
    expect((await rig.ask('la', '/me', { headers: { cookie: 'sid=bob' } })).text).toBe('for anybody');
  });

  it('by a session that a public page would set: it is given to its one visitor', async () => {
    const path = freshPath();
    let visitors = 0;
    rig.answer = (req, res) => {
      visitors += 1;
      res.setHeader('Set-Cookie', `sid=${visitors}`);
      publicAnswer('x')(req, res);
    };
    for (const cookie of ['sid=1', 'sid=2'])
      expect((await rig.ask('seoul', path)).headers['set-cookie']).toEqual([cookie]);
  });
});

/** What an app or a proxy may go by, and no cache has in its key. */
const UNKEYED: Record<string, string> = {
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '666',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-for': '6.6.6.6',
  'x-host': 'evil.example',
  'x-original-url': '/me',
  'x-rewrite-url': '/me',
  'x-http-method-override': 'DELETE',
  forwarded: 'for=6.6.6.6;host=evil.example',
  host: 'evil.example',
  origin: 'https://evil.example',
  referer: 'https://evil.example/',
  'user-agent': 'evil',
  accept: 'text/evil',
  'accept-language': 'ev',
  'x-cache': 'HIT',
  'x-want': 'any',
  'x-edge-key': 'guessed',
  'x-edge-client': '6.6.6.6',
  'x-request-id': 'chosen-by-the-visitor',
  range: 'bytes=0-1',
};
const TOLD = Object.keys(UNKEYED).filter(
  (name) => !['x-edge-key', 'x-edge-client', 'x-request-id', 'host'].includes(name),
);

describe('whoever asks first does not choose what others get', () => {
  it.each(Object.entries(UNKEYED))('by %s: %s', async (name, value) => {
    const path = freshPath();
    rig.answer = (req, res) => publicAnswer(`whole answer ${JSON.stringify(req.headers[name] ?? '')}`)(req, res);
    const poisoned = await rig.ask('seoul', path, { headers: { [name]: value } });
    const other = await rig.ask('seoul', path);
    expect(rig.count(path)).toBe(1);
    expect(other.status).toBe(200);
    expect(other.text).not.toContain(value);
    if (name !== 'range') expect(poisoned.text).toBe(other.text);
    expect(other.headers['x-request-id']).not.toBe(value);
  });

  it('and the origin is told none of it', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('x');
    await rig.ask('la', path, { headers: UNKEYED });
    const told = rig.seen.at(-1)?.headers ?? {};
    expect(TOLD.filter((name) => told[name] !== undefined)).toEqual([]);
    expect(told.host).toBe('day90');
  });

  it('by a body, which a GET has none of', async () => {
    const path = freshPath();
    rig.answer = (req, res) => publicAnswer(`length ${req.headers['content-length'] ?? 'none'}`)(req, res);
    await rig.ask('seoul', path, { body: 'limit=1' });
    expect((await rig.ask('seoul', path)).text).toBe('length none');
  });
});

describe('the origin is told who the visitor is', () => {
  // All of 127/8 is this machine on Linux.
  (process.platform === 'linux' ? it : it.skip).each(['seoul', 'la'] as const)(
    'by the edge of %s, and by nobody else',
    async (place) => {
      rig.answer = (_req, res) => res.end();
      const forged = { 'x-forwarded-for': '6.6.6.6', 'x-edge-client': '6.6.6.6', 'x-edge-key': 'guessed' };
      await rig.ask(place, '/me', { from: '127.0.0.9', headers: forged });
      const told = rig.seen.at(-1)?.headers;
      expect(told?.['x-edge-client']).toBe('127.0.0.9');
      expect(told?.['x-edge-key']).toBe(rig.edgeKey);
      expect(told?.['x-request-id']).toMatch(new RegExp(`^edge-${place}-`));
    },
  );

  it('with the site that they see in their browser, where it is not a page for all', async () => {
    rig.answer = (_req, res) => res.end();
    await rig.ask('la', '/me', { headers: { host: 'localhost:3005' } });
    expect(rig.seen.at(-1)?.headers.host).toBe('localhost:3005');
  });
});
