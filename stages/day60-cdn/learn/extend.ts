import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestContext } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { cacheHeaders } from 'stage-5';

const HOUR = 3600;

/** How long an edge may show this page while the origin fails, in seconds. */
async function ifError(path: string): Promise<number> {
  const app = express();
  app.use(requestContext(async (work) => work(undefined)));
  app.use(cacheHeaders({ floor: async () => '0' }, { EDGE_MOST_SECONDS: 365 * 24 * HOUR }));
  app.use((_req, res) => void res.end('x'));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return Number(/stale-if-error=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('while the origin fails', () => {
  it.each(['/posts', '/posts?limit=5'])('the newest posts are shown for an hour: %s', async (path) => {
    expect(await ifError(path)).toBe(HOUR);
  });

  it.each(['/posts/5', '/posts/popular', '/users/5', '/users/5/posts'])(
    'what is no news for a day: %s',
    async (path) => {
      expect(await ifError(path)).toBe(24 * HOUR);
    },
  );
});
