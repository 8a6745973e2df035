import { currentContext, runInBackground, type ServerConfig, UnavailableError } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import type { RedisLink } from 'stage-2';
import { ownWrites } from 'stage-4';
import { clientCookie, newClientId } from '../src/client-cookie.ts';

const CONFIG = {
  PUBLIC_URL: 'http://localhost',
  SESSION_SECRETS: ['a secret of this test, of 32 characters'],
} as ServerConfig;
const BEFORE = '000000010000000000000001';
const AFTER = '000000010000000000000002';
const cookie = clientCookie(CONFIG);
const known = { id: newClientId(), position: BEFORE };

/** A Redis that counts what it is asked. */
class CountingLink implements RedisLink {
  asked = 0;
  away = false;

  async call<T>(): Promise<T> {
    this.asked += 1;
    if (this.away) throw new UnavailableError('away');
    return BEFORE as T;
  }

  async close(): Promise<void> {}
}

/** One request. @param seen - Where the databases stood that it read or wrote. @returns What its answer sets. */
async function answer(
  link: RedisLink,
  method: string,
  { as, seen, status = 200 }: { as?: typeof known; seen?: string; status?: number } = {},
) {
  const set: string[] = [];
  const res = { writeHead() {}, appendHeader: (_name: string, value: string) => set.push(value) };
  const req = { method, headers: { cookie: as && cookie.write(as).split(';')[0] } };
  let floor: string | undefined;
  await runInBackground(
    (work) => work(undefined),
    () =>
      new Promise<void>((resolve) => {
        ownWrites(link, CONFIG)(req as never, res as never, async () => {
          const reader = currentContext()?.reader;
          floor = await reader?.floor();
          if (seen) await reader?.saw(seen);
          (res as unknown as { writeHead(status: number): void }).writeHead(status);
          resolve();
        });
      }),
  );
  return { floor, client: set[0] === undefined ? undefined : cookie.read(set[0].split(';')[0]) };
}

describe('ownWrites', () => {
  it('asks nothing for, and sets nothing at, a reader who has written nothing', async () => {
    const link = new CountingLink();
    expect(await answer(link, 'GET', { seen: AFTER })).toEqual({ floor: undefined, client: undefined });
    expect(link.asked).toBe(0);
  });

  it('names a client with its first write, without a word to Redis', async () => {
    const link = new CountingLink();
    const { client } = await answer(link, 'POST', { seen: AFTER });
    expect(client).toEqual({ id: expect.stringMatching(/^[\w-]{22}$/), position: AFTER });
    expect(link.asked).toBe(0);
  });

  it('names nobody for a request that failed, or that touched no database', async () => {
    expect((await answer(new CountingLink(), 'POST', { seen: AFTER, status: 401 })).client).toBeUndefined();
    expect((await answer(new CountingLink(), 'POST')).client).toBeUndefined();
  });

  it('keeps the name with the next write', async () => {
    const { client } = await answer(new CountingLink(), 'PUT', { as: known, seen: AFTER });
    expect(client).toEqual({ id: known.id, position: AFTER });
  });

  it('sets no cookie with what is read, which could be stored by no cache', async () => {
    expect(await answer(new CountingLink(), 'GET', { as: known, seen: AFTER })).toEqual({
      floor: BEFORE,
      client: undefined,
    });
  });

  it('lets the browser keep what Redis could not, and reads the primary meanwhile', async () => {
    const link = Object.assign(new CountingLink(), { away: true });
    expect(await answer(link, 'GET', { as: known, seen: AFTER })).toEqual({
      floor: '~',
      client: { id: known.id, position: AFTER },
    });
    expect((await answer(link, 'PUT', { as: known, seen: AFTER, status: 404 })).client?.position).toBe(AFTER);
  });
});
