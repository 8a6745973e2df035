import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Box, defineTopology, type Instance, launch } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { links, purge } from 'stage-6/boxes';
import { edges } from 'stage-7/boxes';

const { 'la-seoul': la } = links(2000);
const { 'edge-seoul': seoul, ...others } = edges({ seoul: 17_901, la: 17_902 });
const { after: _nginx, ...first } = seoul as Box;

/** Two edges with their logs, and nothing behind them but a server of this test. */
const topology = defineTopology({
  ...{ stage: 'stage-7', variant: 'edge-logs', door: 'edge-seoul', options: { purge } },
  boxes: { 'edge-seoul': first, ...others },
  links: { 'la-seoul': { ...(la as NonNullable<typeof la>), rttMs: 0 } },
});

let origin: Server;
let instance: Instance;
beforeAll(async () => {
  origin = createServer((req, res) => {
    if (req.url?.startsWith('/posts/')) res.setHeader('Cache-Control', 'public, max-age=5, s-maxage=60');
    res.end('ok');
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  instance = await launch(topology, {
    folder: fileURLToPath(new URL('..', import.meta.url)),
    instance: `test-stage-7-edge-logs-${process.pid}`,
    ...{ ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    env: { 'edge-seoul': { UPSTREAM_PORT: String((origin.address() as AddressInfo).port) } },
  });
  await listening();
}, 180_000);
afterAll(async () => {
  await instance?.stop();
  origin?.closeAllConnections();
  await new Promise((resolve) => origin?.close(resolve));
}, 60_000);

/** Visits an edge; the path is sent as it is. @returns The id in the answer. */
async function visit(
  place: 'seoul' | 'la',
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<string> {
  const { port } = instance.box(`edge-${place}`);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (res) => {
      res.resume().once('end', () => resolve(String(res.headers['x-request-id'])));
    });
    sent.once('error', reject).end();
  });
}

/** A log has what happened since its reader had found the edge's. */
async function listening(): Promise<void> {
  const isLogged = async () => {
    await visit('la', '/me');
    return lines('la').length > 0 && lines('seoul').length > 0;
  };
  await eventually(isLogged, Boolean, 60_000);
}

const file = (place: 'seoul' | 'la') => readFileSync(join(instance.folders.logs, `log-${place}.log`), 'utf8');
const lines = (place: 'seoul' | 'la'): Record<string, unknown>[] =>
  file(place)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
/** A line of this request, once it is there. */
const lineOf = (place: 'seoul' | 'la', id: string) =>
  eventually(
    async () => lines(place).find(({ requestId }) => requestId === id),
    (line) => line !== undefined,
    10_000,
  );

describe('the log of an edge', () => {
  it('has a line for each visit under the id of its answer, at each edge that it passed', async () => {
    const began = Date.now();
    const miss = await visit('la', '/posts/1');
    const hit = await visit('la', '/posts/1');
    const pass = await visit('la', '/me');
    const common = { box: 'edge-la', ip: '127.0.0.1', method: 'GET', status: 200 };
    expect(await lineOf('la', miss)).toMatchObject({ ...common, url: '/posts/1', cache: 'miss' });
    expect(await lineOf('la', hit)).toMatchObject({ ...common, url: '/posts/1', cache: 'hit' });
    expect(await lineOf('la', pass)).toMatchObject({ ...common, url: '/me', cache: 'pass' });
    expect(await lineOf('seoul', miss)).toMatchObject({ ...common, box: 'edge-seoul', cache: 'miss' });
    expect(lines('seoul').some(({ requestId }) => requestId === hit)).toBe(false);
    const { time, seconds, bytes } = (await lineOf('la', miss)) as Record<string, number>;
    expect(Number(time) * 1000).toBeGreaterThanOrEqual(began - 1);
    expect(seconds).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0);
  });

  it('has one for what an edge answers by itself', async () => {
    const id = await visit('seoul', '/', {}, 'TRACE');
    expect(await lineOf('seoul', id)).toMatchObject({ method: 'TRACE', status: 404 });
  });

  it('takes an address for text, and as it was sent', async () => {
    const path = '/posts/1?utm="},{\\"x\\":%0a\\u0022';
    expect(await lineOf('seoul', await visit('seoul', path))).toMatchObject({ url: path });
  });

  it('holds nothing of the headers that a visitor sent, nor an id that they made up', async () => {
    const headers = { Cookie: 'sid=canary-1', Authorization: 'Bearer canary-2', 'X-Request-Id': 'canary-3-made-up' };
    await lineOf('la', await visit('la', '/me', headers));
    for (const place of ['la', 'seoul'] as const) expect(file(place)).not.toContain('canary');
  });

  it('has none of looks at its health', async () => {
    const id = await visit('seoul', '/posts/1');
    await lineOf('seoul', id);
    for (const place of ['la', 'seoul'] as const) expect(file(place)).not.toContain('/edgez');
  });

  it('goes on when its edge was killed', async () => {
    await instance.kill('edge-la');
    await eventually(
      () => visit('la', '/posts/2').catch(() => undefined),
      (id) => id !== undefined,
      60_000, // it compiles its configuration anew
    );
    // What comes in the first moment is lost, while the reader looks for the new log in memory.
    const ids = new Set<unknown>();
    const isLogged = async () => {
      ids.add(await visit('la', '/posts/2'));
      return lines('la').some(({ requestId }) => ids.has(requestId));
    };
    expect(await eventually(isLogged, Boolean, 30_000)).toBe(true);
  }, 100_000);
});
