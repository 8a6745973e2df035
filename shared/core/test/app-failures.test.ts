import { createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestHandler } from 'express';
import session from 'express-session';
import { z } from 'zod';
import { parseConfig, serverEnv } from '../src/config.ts';
import { accessLog } from '../src/http/access-log.ts';
import type { AppParts } from '../src/http/create-app.ts';
import { createApp } from '../src/http/create-app.ts';
import { securityHeaders } from '../src/http/security-headers.ts';
import { type RunningServer, startServer } from '../src/http/server.ts';
import { createLogger } from '../src/logger.ts';
import { memoryRateLimit } from '../src/memory-rate-limit.ts';
import { memorySessions } from '../src/memory-sessions.ts';
import { hashPassword } from '../src/passwords.ts';
import { Resources } from '../src/resources.ts';

/** A part that fails in the way a database out of reach would. */
const failing = new Proxy({}, { get: () => async () => Promise.reject(new Error('SELECT secret FROM /srv/app/db')) });

class BrokenStore extends session.Store {
  override get(_sid: string, callback: (error: unknown) => void): void {
    callback(new Error('store is gone'));
  }
  override set(_sid: string, _data: session.SessionData, callback?: (error?: unknown) => void): void {
    callback?.(new Error('store is gone'));
  }
  override destroy(_sid: string, callback?: (error?: unknown) => void): void {
    callback?.(new Error('store is gone'));
  }
}

describe('an app whose parts fail', () => {
  let server: RunningServer;
  let log = '';
  afterEach(() => server.drain());

  async function start(parts: Partial<AppParts>, middleware: RequestHandler[] = []): Promise<string> {
    log = '';
    const config = parseConfig(z.object(serverEnv), { SESSION_SECRETS: 'a-secret-of-this-test-only-0123456789abcdef' });
    const destination = new Writable({
      write(chunk, _encoding, done) {
        log += chunk;
        done();
      },
    });
    const all: AppParts = {
      config,
      logger: createLogger(config, destination),
      posts: failing as AppParts['posts'],
      users: failing as AppParts['users'],
      views: failing as AppParts['views'],
      jobs: failing as AppParts['jobs'],
      answers: failing as AppParts['answers'],
      sessions: memorySessions(),
      rateLimit: memoryRateLimit(),
      db: { transactor: (work) => work(undefined) },
      ...parts,
    };
    const app = createApp(all, [accessLog(all.logger), securityHeaders(config.PUBLIC_URL), ...middleware]);
    const resources = new Resources();
    resources.use({ close: async () => {}, ready: async () => Promise.reject(new Error('down')) });
    server = await startServer({ app, resources }, { host: '127.0.0.1', port: 0, drainMs: 0 });
    return server.url;
  }
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const credentials = { email: 'ann@example.test', password: 'a very secret password' };

  it('tells a client nothing of what failed, and the log everything', async () => {
    const answer = await fetch(`${await start({})}/posts/1`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal',
      requestId: answer.headers.get('x-request-id'),
    });
    expect(log).toContain('SELECT secret');
    expect(log).toContain(answer.headers.get('x-request-id'));
  });

  it('answers no login with 200 whose session could not be stored, and logs why', async () => {
    const phc = await hashPassword(credentials.password);
    const user = { id: '1', name: 'Ann', avatarUrl: '/a.svg', createdAt: new Date().toISOString() };
    const account = { user, email: credentials.email, passwordHash: phc };
    const users = { findByEmail: async () => account } as unknown as AppParts['users'];
    const refused = await post(`${await start({ sessions: new BrokenStore(), users })}/login`, credentials);
    expect([refused.status, refused.headers.has('set-cookie')]).toEqual([500, false]);
    expect(log).toContain('store is gone');
    await server.drain();
    expect((await post(`${await start({ users })}/login`, credentials)).status).toBe(200);
  });

  it('lets nobody in with a cookie that the session store cannot read', async () => {
    const secret = 'a-secret-of-this-test-only-0123456789abcdef';
    const signature = createHmac('sha256', secret).update('known').digest('base64').replace(/=+$/, '');
    const cookie = `sid=${encodeURIComponent(`s:known.${signature}`)}`;
    const url = await start({ sessions: new BrokenStore() });
    expect((await fetch(`${url}/me`, { headers: { Cookie: cookie } })).status).toBe(500);
    expect(log).toContain('store is gone');
  });

  it.each([
    [{ Range: 'bytes=999999-' }, 416],
    [{ 'If-Match': '"x"' }, 412],
  ])('answers a static file asked for with %j by %d, and counts it no failure', async (headers, status) => {
    const answer = await fetch(`${await start({})}/static/avatars/1.svg`, { headers });
    expect(answer.status).toBe(status);
    expect(log).not.toContain('unexpected error');
  });

  it('lets nobody in when the rate limit fails', async () => {
    const url = await start({ rateLimit: failing as AppParts['rateLimit'] });
    expect((await post(`${url}/login`, credentials)).status).toBe(500);
    expect((await post(`${url}/signup`, { name: 'Ann', ...credentials })).status).toBe(500);
  });

  it('answers 500 when a middleware throws', async () => {
    const url = await start({}, [
      () => {
        throw new Error('broken');
      },
    ]);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(500);
  });

  it('is alive, but not ready, while its database is away', async () => {
    const url = await start({});
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('refuses a sixth login for one account within a minute, and says when to come back', async () => {
    const url = await start({ users: { findByEmail: async () => undefined } as unknown as AppParts['users'] });
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await post(`${url}/login`, credentials)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    const refused = await post(`${url}/login`, credentials);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(`${url}/login`, { ...credentials, email: 'other@example.test' })).status).toBe(401);
    expect(log).toContain('"event":"too_many_requests"');
    expect(log).toContain('"event":"unauthenticated"');
  });

  it('writes no password, cookie or token into the log', async () => {
    const url = await start({});
    await post(`${url}/login`, credentials, { Cookie: 'sid=canary-cookie', Authorization: 'Bearer canary-token' });
    await fetch(`${url}/posts?limit=x`, { headers: { Cookie: 'sid=canary-cookie' } });
    expect(log).not.toMatch(/canary|very secret/);
    expect(log).toContain('/login');
  });
});

describe('createLogger', () => {
  it('hides what is secret by its key, to three levels', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ LOG_LEVEL: 'info', BOX: 'app-1' }, destination);
    logger.info({ password: 'canary', req: { headers: { cookie: 'canary', authorization: 'canary' } } }, 'x');
    expect(lines.join()).not.toContain('canary');
    expect(lines.join()).toContain('[hidden]');
  });
});
