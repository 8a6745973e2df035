import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BEYOND_COPIES, currentContext, floorOfReader, noteTags, openApiDocument, requestContext } from '@day90/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { cacheHeaders } from 'stage-5';
import { PUBLIC_ROUTES, targetPattern } from '../src/public-routes.ts';

const MOST = 365 * 24 * 3600;
let close = async () => {};
afterEach(() => close());

/** Asks an app that answers everything, behind the middleware. */
async function ask(
  path: string,
  init: RequestInit = {},
  handler: RequestListener = (_req, res) => res.end('x'),
  most = MOST,
) {
  const app = express();
  app.use(requestContext(async (work) => work(undefined)));
  app.use(cacheHeaders({ floor: async () => '7' }, { EDGE_MOST_SECONDS: most }));
  app.use((req, res) => void handler(req, res));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    redirect: 'manual',
    ...init,
  });
  await close();
  return answer.headers;
}
const controlOf = async (...args: Parameters<typeof ask>) => (await ask(...args)).get('cache-control');

/** Of each route in the table, one that is there; and of all others none. */
const PUBLIC: Record<string, string> = {
  '/posts': 'public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=86400',
  '/posts?limit=5': 'public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=86400',
  '/posts/popular': 'public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400',
  '/posts/5': 'public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400',
  '/users/5': 'public, max-age=0, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400',
  '/users/5/posts': 'public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400',
  '/openapi.json': 'public, max-age=0, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400',
};
/** Routes of the document that anybody may read, and that are the same for everybody. */
const SAME_FOR_ALL = ['/posts', '/posts/popular', '/posts/{id}', '/users/{id}', '/users/{id}/posts'];

describe('caches in front may keep', () => {
  it.each(Object.entries(PUBLIC))('%s', async (path, control) => {
    expect(await controlOf(path)).toBe(control);
  });

  it('of all routes of the app those that read no session, and no other', () => {
    const paths = (openApiDocument() as { paths: Record<string, { get?: object }> }).paths;
    const pattern = new RegExp(targetPattern(PUBLIC_ROUTES));
    const reads = Object.keys(paths).filter((path) => paths[path]?.get);
    const kept = reads.filter((path) => pattern.test(path.replace(/\{\w+\}/g, '5')));
    expect(kept.sort()).toEqual(SAME_FOR_ALL.sort());
  });

  it.each([
    '/me',
    '/me/recommendations',
    '/me/x.css',
    '/me;a.css',
    '/me%2fx.css',
    '/me/..%2fstatic/a.css',
    '/login',
    '/livez',
  ])('nothing of %s', async (path) => {
    expect(await controlOf(path)).toBe('no-store');
  });

  it.each([
    '/POSTS',
    '/posts/',
    '/posts/1.json',
    '/posts/01',
    '/posts/5/x',
    '/users/5/posts/',
    '/static/../me',
    '//posts',
    '/posts%2f5',
  ])('nothing of %s, which only looks like a route', async (path) => {
    expect(await controlOf(path)).toBe('no-store');
  });

  it.each<[string, RequestInit]>([
    ['a cookie', { headers: { cookie: 'theme=dark' } }],
    ['credentials', { headers: { authorization: 'Basic eDp5' } }],
    ['a body to write', { method: 'POST', body: 'x' }],
  ])('nothing that comes with %s', async (_what, init) => {
    expect(await controlOf('/posts/5', init)).toBe('no-store');
  });

  it.each([201, 204, 302, 400, 404, 410, 500, 503])('nothing with status %i', async (status) => {
    expect(await controlOf('/posts/5', {}, (_req, res) => res.writeHead(status).end())).toBe('no-store');
  });

  it('nothing that sets a cookie, whoever sets it, and nothing that says otherwise for itself', async () => {
    expect(await controlOf('/posts/5', {}, (_req, res) => res.setHeader('Set-Cookie', 'a=b').end())).toBe('no-store');
    expect(await controlOf('/me', {}, (_req, res) => res.setHeader('Cache-Control', 'public, max-age=9').end())).toBe(
      'no-store',
    );
  });

  it('what is unchanged (304) as it is itself', async () => {
    expect(await controlOf('/posts/5', {}, (_req, res) => res.writeHead(304).end())).toBe(PUBLIC['/posts/5']);
  });

  it('a file whose name says what is in it for ever', async () => {
    const forever = /^public, max-age=31536000, s-maxage=31536000,/;
    expect(await controlOf('/static/avatars/1.0123456789ab.svg')).toMatch(forever);
    expect(await controlOf('/static/avatars/1.svg')).toMatch(/^public, max-age=3600, s-maxage=3600,/);
  });

  it('nothing for longer than the operator says', async () => {
    expect(await controlOf('/users/5', {}, undefined, 20)).toMatch(/s-maxage=20, stale-while-revalidate=20,/);
  });
});

describe('tags', () => {
  const tagged: RequestListener = (_req, res) => {
    noteTags(['post-1', 'feed']);
    res.end();
  };

  it('say what a public answer is made of', async () => {
    const headers = await ask('/posts', {}, tagged);
    expect([headers.get('xkey'), headers.get('x-purge-tags')]).toEqual(['post-1 feed', null]);
  });

  it('say to a write what it has changed', async () => {
    const headers = await ask('/posts', { method: 'POST' }, tagged);
    expect([headers.get('xkey'), headers.get('x-purge-tags')]).toEqual([null, 'post-1 feed']);
  });

  it('are in no other answer', async () => {
    for (const path of ['/me', '/posts/5']) {
      const headers = await ask(path, { headers: { cookie: 'a=b' } }, tagged);
      expect([headers.get('xkey'), headers.get('x-purge-tags')]).toEqual([null, null]);
    }
  });
});

describe('what an edge may keep', () => {
  const floorAt = async (path: string, init: RequestInit = {}) => {
    let floor = '';
    await ask(path, init, async (_req, res) => {
      floor = await floorOfReader();
      res.end();
    });
    return floor;
  };

  it('is read from a database that has seen what was dropped last', async () => {
    expect(await floorAt('/posts')).toBe('7');
  });

  it('and nothing else is', async () => {
    expect(await floorAt('/me')).toBe('');
    expect(await floorAt('/posts', { headers: { cookie: 'sid=1' } })).toBe('');
    expect(currentContext()).toBeUndefined();
    expect(BEYOND_COPIES > '7').toBe(true);
  });
});
