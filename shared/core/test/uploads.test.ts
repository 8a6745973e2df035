import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import session from 'express-session';
import { z } from 'zod';
import { parseConfig, serverEnv } from '../src/config.ts';
import { DomainError, UnavailableError } from '../src/errors.ts';
import { type AppParts, createApp } from '../src/http/create-app.ts';
import { type RunningServer, startServer } from '../src/http/server.ts';
import { createLogger } from '../src/logger.ts';
import { memoryRateLimit } from '../src/memory-rate-limit.ts';
import type { Images, Redraw, Upload, Uploads } from '../src/ports.ts';
import { Resources } from '../src/resources.ts';

const SECRET = 'a-secret-of-this-test-only-0123456789abcdef';
const FILE = Buffer.from('any bytes: the picture is drawn by a stage');

/** What a test puts in the place of parts that do as they should. */
interface OwnParts {
  redraw?: Redraw;
  images?: Partial<Images>;
  uploads?: Partial<Uploads>;
}

/** Everybody is logged in as member 7. */
class OneMember extends session.Store {
  override get(_sid: string, done: (error: unknown, data?: session.SessionData) => void): void {
    done(null, { userId: '7', email: 'a@day90.test', startedAt: Date.now(), cookie: new session.Cookie() });
  }
  override set(_sid: string, _data: session.SessionData, done?: (error?: unknown) => void): void {
    done?.();
  }
  override destroy(_sid: string, done?: (error?: unknown) => void): void {
    done?.();
  }
}

describe('sending a picture', () => {
  let server: RunningServer;
  let happened: string[];
  let added: Upload[];
  afterEach(() => server.drain());

  async function start(own: OwnParts = {}, turns = '100') {
    [happened, added] = [[], []];
    const config = parseConfig(z.object(serverEnv), {
      ...{ SESSION_SECRETS: SECRET, UPLOAD_TURNS_PER_HOUR: turns, LOG_LEVEL: 'silent' },
      PUBLIC_URL: 'https://cdn.example.test/',
      TRUSTED_PROXIES: '1',
    });
    const pictures = {
      redraw: own.redraw ?? (async (bytes: Buffer) => ({ bytes, width: 3, height: 2 })),
      images: {
        put: async () => void happened.push('kept'),
        get: async () => undefined,
        remove: async () => undefined,
        ...own.images,
      },
      uploads: {
        bytesOf: async () => 0,
        begin: async () => void happened.push('begun'),
        async add(upload: Upload) {
          happened.push('noted');
          added.push(upload);
        },
        ...own.uploads,
      },
    };
    const parts = {
      ...{ config, pictures, logger: createLogger(config), sessions: new OneMember(), rateLimit: memoryRateLimit() },
      db: { transactor: (work: (handle: unknown) => Promise<unknown>) => work(undefined) },
    } as unknown as AppParts;
    const app = createApp(parts, []);
    server = await startServer(
      { app, resources: new Resources() },
      { host: '127.0.0.1', port: 0, drainMs: 0, drainDeadlineMs: 100 },
    );
    return server.url;
  }
  const headers = { cookie: `__Host-sid=s%3Aany.${signature('any')}`, 'content-type': 'image/png' };
  const send = (url: string, body: Buffer = FILE) => fetch(`${url}/images`, { method: 'POST', body, headers });

  it('begins it, keeps it, then notes it, and answers with its public address', async () => {
    const answer = await send(await start());
    const { url } = (await answer.json()) as { url: string };
    expect([answer.status, happened]).toEqual([201, ['begun', 'kept', 'noted']]);
    expect(added).toEqual([{ name: expect.any(String), owner: '7', width: 3, height: 2, bytes: FILE.length }]);
    expect(url).toBe(`https://cdn.example.test/images/${added[0]?.name}`);
  });

  it.each([
    ['out of reach', new UnavailableError('no store'), 503, '1'],
    ['full', new DomainError('no_room', 'no room'), 507, null],
  ])('notes nothing that could not be kept: the store is %s', async (_what, error, status, retryAfter) => {
    const answer = await send(await start({ images: { put: () => Promise.reject(error) } }));
    expect([answer.status, answer.headers.get('retry-after'), happened]).toEqual([status, retryAfter, ['begun']]);
  });

  it('keeps nothing that could not be drawn', async () => {
    const broken = () => Promise.reject(new DomainError('unsupported_type', 'no picture'));
    expect((await send(await start({ redraw: broken }))).status).toBe(415);
    expect(happened).toEqual([]);
  });

  it('is refused once a member takes up their room, or has had their turns of the hour', async () => {
    const full = await send(await start({ uploads: { bytesOf: async () => 100 * 1024 * 1024 } }));
    expect([full.status, happened]).toEqual([403, []]);
    await server.drain();
    const url = await start({}, '2');
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await send(url)).status);
    expect(statuses).toEqual([201, 201, 429]);
  });

  it('is refused while four others are sending, and not any more once they have gone', async () => {
    const url = await start();
    const half = `POST /images HTTP/1.1\r\nHost: x\r\nCookie: ${headers.cookie}\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\nhalf`;
    const slow = Array.from({ length: 4 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of slow) socket.write(half);
    let answer = await send(url);
    for (let n = 0; n < 50 && answer.status === 201; n++) answer = await send(url); // until all four have been heard
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    for (const socket of slow) socket.destroy();
    for (let n = 0; n < 50 && answer.status === 503; n++) answer = await send(url);
    expect(answer.status).toBe(201);
    expect(happened.length % 3).toBe(0);
  });

  it('is looked for in the store by such a name alone as the app gives', async () => {
    const asked: string[] = [];
    const get = async (name: string) => void asked.push(name);
    const url = await start({ images: { get } });
    const name = '00000000-0000-4000-8000-000000000000.webp';
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2e%2e', `..%2f${name}`, `${name}%00`, `x${name}`, 'x.webp', '%00'])
      expect((await fetch(`${url}/images/${path}`)).status).toBe(404);
    expect(asked).toEqual([]);
    expect((await fetch(`${url}/images/${name}`)).status).toBe(404);
    expect(asked).toEqual([name]);
  });

  it.each([
    ['its length is too large', { 'content-length': 50 * 1024 * 1024 }],
    ['it has become too large', {}],
  ])('is answered at once when %s, and cut off when it goes on all the same', async (_when, length) => {
    await start();
    const sent = request({
      ...{ host: '127.0.0.1', port: server.port, method: 'POST', path: '/images' },
      headers: { ...headers, ...length },
    });
    sent.on('error', () => {}); // the cut
    const began = performance.now();
    if (!('content-length' in length)) sent.write(Buffer.alloc(6 * 1024 * 1024));
    const drip = setInterval(() => sent.write(Buffer.alloc(1000)), 20);
    const cut = new Promise((resolve) => sent.once('close', resolve));
    const status = await new Promise((resolve) =>
      sent.once('response', (answer) => resolve(answer.resume().statusCode)),
    );
    expect(status).toBe(413);
    await cut;
    clearInterval(drip);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(happened).toEqual([]);
  });
});

/** As `cookie-signature` signs. */
function signature(value: string): string {
  return encodeURIComponent(createHmac('sha256', SECRET).update(value).digest('base64').replace(/=+$/, ''));
}
