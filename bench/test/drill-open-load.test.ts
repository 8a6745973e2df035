import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Call, HttpClient } from '../src/drill/http-client.ts';
import type { Journey } from '../src/drill/journeys.ts';
import type { Kind } from '../src/drill/kinds.ts';
import type { Members } from '../src/drill/members.ts';
import { OpenLoad } from '../src/drill/open-load.ts';
import type { Sent } from '../src/drill/records.ts';

let server: Server;
let client: HttpClient;
let methods: string[];

/** Answers the first request of each connection, and hangs up on the second after some time. */
beforeEach(async () => {
  methods = [];
  const met = new WeakSet<object>();
  server = createServer((req, res) => {
    methods.push(req.method ?? '');
    if (met.has(req.socket)) setTimeout(() => req.socket.destroy(), 60);
    else res.end('{}');
    met.add(req.socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = new HttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => {
  client.close();
  server.close();
});

/** Sends one kind of request until there are three records, and returns the second one: the first that met a kept connection. */
async function second(call: Call, resends?: boolean): Promise<Sent | undefined> {
  const one = (): Journey => ({ call, fault: () => undefined });
  const journeys = { create: one } as unknown as Record<Kind, () => Journey>;
  const signal = new AbortController().signal;
  const load = new OpenLoad({
    ...{ client, journeys, resends, signal, rate: 5, mix: { create: 1 } },
    ...{ members: {} as Members, random: () => 0 },
  });
  while (load.records.length < 3) await sleep(10);
  await load.stop();
  return load.records[1];
}

describe('a request that is lost with a kept connection', () => {
  const keyed: Call = { method: 'POST', path: '/', headers: { 'Idempotency-Key': 'a' } };

  it.each<[string, Call]>([
    ['GET', { path: '/' }],
    ['PUT', { method: 'PUT', path: '/' }],
    ['POST with a key', keyed],
  ])('is sent again on a new one where visitors do so: %s', async (_, call) => {
    const record = await second(call, true);
    expect(record).toMatchObject({ outcome: 'ok', status: 200 });
    expect(record?.cutAfterMs).toBeGreaterThan(50);
    expect(methods.length).toBeGreaterThan(3);
  });

  it('is not sent again when that might do a thing twice', async () => {
    expect(await second({ method: 'POST', path: '/' }, true)).toMatchObject({ outcome: 'failed', why: 'ECONNRESET' });
  });

  it('is a failure where visitors send nothing twice, and says after which time it was lost', async () => {
    const record = await second(keyed);
    expect(record).toMatchObject({ outcome: 'failed', why: 'ECONNRESET' });
    expect(record?.cutAfterMs).toBeGreaterThan(50);
  });

  it('is told from one that no connection was kept for', async () => {
    server.close();
    server.closeAllConnections();
    expect(await client.send({ path: '/' })).toEqual({ status: 0, headers: {}, body: '', error: 'ECONNREFUSED' });
  });
});
