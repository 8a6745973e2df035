import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, errorHandler } from '@day90/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { admission, type ShedReason } from '../src/admission.ts';
import type { InFlightLimit } from '../src/in-flight-limit.ts';

const MEMBER = { Cookie: 'a=b; sid=s%3Aabc' };
const config = { PUBLIC_URL: 'http://localhost', PUBLIC_READ_SHARE: 0.5, MOST_WAIT_MS: 500 };
const later = () => new Promise((resolve) => setTimeout(resolve, 50));

let server: Server;
let url: string;
let limit: { limit: number; inFlight: number; waits: (number | undefined)[] };
let reasons: ShedReason[];
let held: (() => void)[];

beforeEach(async () => {
  limit = { limit: 4, inFlight: 0, waits: [] };
  reasons = [];
  held = [];
  const counted: InFlightLimit = {
    get limit() {
      return limit.limit;
    },
    share: 0,
    get inFlight() {
      return limit.inFlight;
    },
    enter(waitedMs) {
      limit.waits.push(waitedMs);
      limit.inFlight += 1;
      return () => {
        limit.inFlight -= 1;
      };
    },
    close: async () => {},
  };
  const app = express();
  app.use(admission(counted, config, (reason) => reasons.push(reason)));
  app.use('/held', (_req, res) => void held.push(() => res.send('at last')));
  app.use((_req, res) => void res.send('ok'));
  app.use(errorHandler(createLogger({ BOX: 'test', LOG_LEVEL: 'silent' })));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Goes on once so many are in. */
async function hold(count: number, headers: Record<string, string>): Promise<Promise<Response>[]> {
  const wanted = held.length + count;
  const answers = Array.from({ length: count }, () => fetch(`${url}/held`, { headers }));
  while (held.length < wanted) await later();
  return answers;
}

describe('admission', () => {
  it('refuses with 503 and Retry-After what is half as much again as the limit, and answers all it has let in', async () => {
    const answers = await hold(6, MEMBER);
    const refused = await fetch(url, { headers: MEMBER });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: 'overloaded',
      detail: expect.stringContaining('Nothing was done'),
    });
    limit.limit = 1; // lower than what is in already
    for (const answer of held) answer();
    for (const answer of await Promise.all(answers)) expect(await answer.text()).toBe('at last');
    while (limit.inFlight > 0) await later();
    expect((await fetch(url, { headers: MEMBER })).status).toBe(200);
    expect(reasons).toEqual(['in_flight']);
  });

  it('lets public reads have their share alone, however many members there are, and members and writes all', async () => {
    const answers = [...(await hold(2, MEMBER)), ...(await hold(3, {}))];
    expect((await fetch(url)).status).toBe(503);
    expect((await fetch(url, { headers: { Cookie: 'xsid=1' } })).status).toBe(503);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(503);
    expect((await fetch(url, { method: 'POST' })).status).toBe(200);
    expect((await fetch(url, { headers: MEMBER })).status).toBe(200);
    for (const answer of held) answer();
    await Promise.all(answers);
    expect(reasons).toEqual(['public_reads', 'public_reads', 'public_reads']);
  });

  it('refuses what has waited for too long on its way from the proxy', async () => {
    const since = (ms: number) => ({ 'X-Request-Start': `t=${((Date.now() - ms) / 1000).toFixed(3)}` });
    expect((await fetch(url, { headers: since(600) })).status).toBe(503);
    expect((await fetch(url, { headers: since(0) })).status).toBe(200);
    expect(reasons).toEqual(['waited']);
  });

  it.each(['t=1', 'yesterday', 't=99999999999.000', '', 't=NaN'])(
    'takes no notice of a start that is none: %j',
    async (start) => {
      expect((await fetch(url, { headers: { 'X-Request-Start': start } })).status).toBe(200);
      expect(limit.waits).toEqual([undefined]);
    },
  );

  it('counts a request out that its client has given up', async () => {
    const gone = new AbortController();
    const answer = fetch(`${url}/held`, { signal: gone.signal });
    while (held.length < 1) await later();
    gone.abort();
    await expect(answer).rejects.toThrow();
    while (limit.inFlight > 0) await later();
  });

  it('counts no pictures on their way in', async () => {
    limit.limit = 0;
    expect((await fetch(`${url}/images`, { method: 'POST' })).status).toBe(200);
  });
});
