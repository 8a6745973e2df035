import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectEdges } from 'stage-5';

const KEY = 'k'.repeat(43);
const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An edge that answers as it is told, and notes what it was told. */
class FakeEdge {
  readonly purges: string[] = [];
  status = 204;
  /** Until then it answers nobody. */
  asleep: Promise<unknown> | undefined;
  port = 0;
  #server: Server | undefined;

  async open(): Promise<this> {
    this.#server = createServer((req, res) => void this.#take(req).then(() => res.writeHead(this.status).end()));
    await new Promise<void>((resolve) => this.#server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    closers.push(() => this.shut());
    return this;
  }

  async shut(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #take({ method, headers }: IncomingMessage): Promise<void> {
    await this.asleep;
    expect([method, headers['x-purge-key']]).toEqual(['PURGE', KEY]);
    this.purges.push(String(headers['x-purge-tags']));
  }
}

const all = (edges: FakeEdge[], options: Parameters<typeof connectEdges>[2] = {}) => {
  const EDGE_URLS = edges.map(({ port }) => `http://127.0.0.1:${port}`);
  const connected = connectEdges({ EDGE_URLS, EDGE_PURGE_KEY: KEY }, logger, options);
  closers.unshift(async () => connected.close?.());
  return connected;
};
const opened = (...edges: FakeEdge[]) => all(edges);
const three = () => Promise.all([0, 1, 2].map(() => new FakeEdge().open())) as Promise<[FakeEdge, FakeEdge, FakeEdge]>;
const told = (edge: FakeEdge, count: number, ms = 3_000) =>
  eventually(
    async () => edge.purges.length,
    (length) => length >= count,
    ms,
  );

describe('connectEdges', () => {
  it('tells the edge that others ask first, and waits for it and not for them', async () => {
    const [shield, la, london] = await three();
    const [shieldWakes, laWakes] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    [shield.asleep, la.asleep] = [shieldWakes.promise, laWakes.promise];
    const edges = opened(shield, la, london);
    const purged = edges.purge(['post-1', 'feed']);
    await sleep(100);
    expect([la.purges, london.purges]).toEqual([[], []]);
    shieldWakes.resolve();
    await purged;
    expect(shield.purges).toEqual(['post-1 feed']);
    expect(la.purges).toEqual([]);
    laWakes.resolve();
    await told(la, 1);
    await told(london, 1);
    expect([la.purges, london.purges]).toEqual([['post-1 feed'], ['post-1 feed']]);
  });

  it('tells an edge that was away once it is back, and the others meanwhile', async () => {
    const [shield, la, london] = await three();
    await la.shut();
    const edges = opened(shield, la, london);
    await edges.purge(['post-1']);
    await edges.purge(['post-2']);
    await told(london, 2);
    expect(la.purges).toEqual([]);
    await la.open();
    await told(la, 1);
    expect(la.purges.join(' ').split(' ').sort()).toEqual(['post-1', 'post-2']);
  });

  it('tells no edge before the one that it asks has been told', async () => {
    const [shield, la, london] = await three();
    shield.status = 503;
    const edges = opened(shield, la, london);
    await edges.purge(['post-1']);
    await told(shield, 3);
    expect([la.purges, london.purges]).toEqual([[], []]);
    shield.status = 204;
    await told(la, 1);
    await told(london, 1);
  });

  it('does not hold a write up for an edge that is frozen', async () => {
    const [shield, la, london] = await three();
    const wakes = Promise.withResolvers<void>();
    shield.asleep = wakes.promise;
    const edges = opened(shield, la, london);
    const began = performance.now();
    await Promise.all(['post-1', 'post-2', 'post-3', 'post-4'].map((tag) => edges.purge([tag])));
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(shield.purges).toEqual([]);
    wakes.resolve();
  });

  it('says many tags in as many requests as an edge can take', async () => {
    const edge = await new FakeEdge().open();
    await opened(edge).purge(Array.from({ length: 450 }, (_, n) => `post-${10_000_000 + n}`));
    expect(edge.purges.map((tags) => tags.split(' ').length)).toEqual([200, 200, 50]);
    expect(Math.max(...edge.purges.map((tags) => tags.length))).toBeLessThan(8_000);
  });

  it('purges once more when no answer from before can be on its way any more', async () => {
    const edge = await new FakeEdge().open();
    const began = performance.now();
    await all([edge], { againMs: 1_000 }).purge(['post-1']);
    expect(edge.purges).toHaveLength(1);
    await told(edge, 2);
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(edge.purges).toEqual(['post-1', 'post-1']);
  });

  it('tells a far edge of many writes in few requests, each of them in time', async () => {
    const [shield, far] = await Promise.all([new FakeEdge().open(), new FakeEdge().open()]);
    const wakes = Promise.withResolvers<void>();
    far.asleep = wakes.promise;
    const edges = opened(shield, far);
    await Promise.all(Array.from({ length: 50 }, (_, n) => edges.purge([`post-${n}`, 'feed'])));
    await sleep(100);
    wakes.resolve();
    await eventually(
      async () => new Set(far.purges.flatMap((tags) => tags.split(' '))).size,
      (tags) => tags === 51,
      3_000,
    );
    expect(far.purges.length).toBeLessThanOrEqual(4);
  });

  it('says again at once what was purged within one second, each tag once', async () => {
    const edge = await new FakeEdge().open();
    const edges = all([edge], { againMs: 500 });
    await edges.purge(['post-1', 'feed']);
    await edges.purge(['post-2', 'feed']);
    await told(edge, 3);
    expect(edge.purges).toEqual(['post-1 feed', 'post-2 feed', 'post-1 feed post-2']);
  });

  it('has nobody to tell where there are no edges', async () => {
    await opened().purge(['post-1']);
  });
});
