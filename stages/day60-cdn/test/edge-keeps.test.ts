import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { EdgeRig, freshPath } from './edge-rig.ts';
import { publicAnswer } from './public-answer.ts';

const rig = EdgeRig.ofThisFile('keeps');
const cacheOf = async (path: string, options = {}) => (await rig.ask('seoul', path, options)).headers['x-cache'];

/** Asks twice for a path. @returns How often the origin was asked. */
async function askedTwice(path: string, answer: RequestListener, options = {}): Promise<number> {
  rig.answer = answer;
  rig.seen.length = 0;
  await rig.ask('seoul', path, options);
  await rig.ask('seoul', path, options);
  return rig.seen.length;
}

describe('an edge keeps', () => {
  it('what is public, and says so, without a word of whom it was first made for', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('public');
    const [first, second] = [await rig.ask('seoul', path), await rig.ask('seoul', path)];
    expect([first.headers['x-cache'], second.headers['x-cache']]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe('public');
    expect(first.headers['server-timing']).toBe('db;dur=1.5;desc="1 query", edge;desc=miss, app;dur=2.5');
    expect(second.headers['server-timing']).toBe('db;dur=0;desc="0 queries", edge;desc=hit, app;dur=0');
    expect([first.headers['x-served-by'], second.headers['x-served-by']]).toEqual(['app-1', 'edge-seoul']);
    expect(second.headers['x-request-id']).toMatch(/^edge-seoul-\d+-\d+$/);
    expect(second.headers).toMatchObject({ 'x-edge': 'seoul', age: expect.stringMatching(/^\d+$/) });
  });

  it('from visitors what is for edges: how long they may, and what is in it', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('public', { tags: 'post-1' });
    for (const { headers } of [await rig.ask('seoul', path), await rig.ask('seoul', path)]) {
      expect(headers['cache-control']).toBe('public, max-age=0');
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['xkey', 'via', 'x-varnish']));
    }
  });

  const headers =
    (more: Record<string, string>): RequestListener =>
    (req, res) => {
      for (const [name, value] of Object.entries(more)) res.setHeader(name, value);
      publicAnswer('x')(req, res);
    };
  const status =
    (code: number): RequestListener =>
    (req, res) => {
      res.statusCode = code;
      publicAnswer('x')(req, res);
    };
  const control =
    (value: string): RequestListener =>
    (_req, res) => {
      res.setHeader('Cache-Control', value);
      res.end('x');
    };
  it.each<[string, RequestListener]>([
    ['what says nothing', (_req, res) => res.end('x')],
    ['no-store', control('no-store')],
    ['private', control('private, max-age=60')],
    ['what a browser alone may keep', control('max-age=60')],
    ['what sets a cookie', headers({ 'Set-Cookie': 'sid=1' })],
    ['what differs by more than encoding', headers({ Vary: 'Cookie' })],
    ['404', status(404)],
    ['a redirect', status(302)],
    ['500', status(500)],
    ['503', status(503)],
  ])('nothing of %s', async (_what, answer) => {
    expect(await askedTwice(freshPath(), answer)).toBe(2);
  });

  it.each([
    '/me',
    '/me/recommendations',
    '/posts/1.json',
    '/me/x.css',
    '/static',
    '/images',
    '/POSTS',
    '/posts/',
    '//posts',
  ])('nothing of %s, whatever the answer says', async (path) => {
    expect(await askedTwice(path, publicAnswer('x'))).toBe(2);
  });

  it('nothing of a write, and of no request that proves who sends it', async () => {
    expect(await askedTwice('/posts', publicAnswer('x'), { method: 'POST' })).toBe(2);
    expect(await askedTwice(freshPath(), publicAnswer('x'), { headers: { authorization: 'Basic eDp5' } })).toBe(2);
  });

  it('nobody waiting for an answer that will not be theirs', async () => {
    const path = freshPath();
    rig.answer = (_req, res) => void setTimeout(() => res.end('x'), 300);
    await rig.ask('seoul', path);
    const began = performance.now();
    await Promise.all(Array.from({ length: 5 }, () => rig.ask('seoul', path)));
    expect(performance.now() - began).toBeLessThan(900);
  });
});

describe('an edge answers', () => {
  it.each(['"5-1"', 'W/"5-1"', '"other", "5-1"', '*'])('304 to whoever has %s already', async (tag) => {
    const path = freshPath();
    rig.answer = publicAnswer('public', { etag: '"5-1"' });
    await rig.ask('seoul', path);
    const { status, headers, text } = await rig.ask('seoul', path, { headers: { 'if-none-match': tag } });
    expect([status, headers.etag, text]).toEqual([304, '"5-1"', '']);
  });

  it('the whole to whoever has something else', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('public', { etag: '"5-1"' });
    await rig.ask('seoul', path);
    expect((await rig.ask('seoul', path, { headers: { 'if-none-match': '"5-2"' } })).text).toBe('public');
  });

  it('HEAD from what it has', async () => {
    const path = freshPath();
    rig.answer = publicAnswer('public');
    await rig.ask('seoul', path);
    expect(await rig.ask('seoul', path, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(rig.count(path)).toBe(1);
  });

  it.each(['TRACE', 'PURGE', 'PROPFIND', 'LINK'])('a %s as if there was nothing', async (method) => {
    rig.seen.length = 0;
    const { status, headers, text } = await rig.ask('seoul', '/posts', { method });
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ status: 404, code: 'not_found', requestId: headers['x-request-id'] });
    expect(rig.seen).toEqual([]);
  });

  it('one key with what it knows of a query, in one order', async () => {
    rig.answer = publicAnswer('page');
    rig.seen.length = 0;
    const targets = [
      'limit=4&before=9_9',
      'before=9_9&limit=4',
      'utm=1&limit=4&x&before=9_9&',
      '&&before=9_9&a=1&limit=4&b=2',
    ];
    for (const target of targets) await rig.ask('seoul', `/posts?${target}`);
    expect(rig.seen.map(({ url }) => url)).toEqual(['/posts?before=9_9&limit=4']);
    await rig.ask('seoul', '/posts?limit=4&limit=5&limits=1');
    expect(rig.seen.at(-1)?.url).toBe('/posts?limit=4&limit=5');
    await rig.ask('seoul', '/posts/popular?limit=4&before=9_9');
    expect(rig.seen.at(-1)?.url).toBe('/posts/popular');
    await rig.ask('seoul', '/posts?');
    expect(rig.seen.at(-1)?.url).toBe('/posts');
  });

  it('a query as it came where nothing is kept', async () => {
    rig.answer = (_req, res) => res.end();
    await rig.ask('seoul', '/me?b=1&a=2&b');
    expect(rig.seen.at(-1)?.url).toBe('/me?b=1&a=2&b');
    expect(await cacheOf('/me')).toBeUndefined();
  });
});
