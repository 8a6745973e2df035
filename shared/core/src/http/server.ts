import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resources } from '../resources.ts';

/** Idle sockets stay open longer here than at any proxy in front (60 s), or a reused one could answer 502. */
const KEEP_ALIVE_MS = 65_000;
/** Time for the head of a request, and for all of it: a slow client must not hold a socket for ever. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

/** A box that listens. */
export interface RunningServer {
  url: string;
  port: number;
  /**
   * Stops without losing a request: not ready first, so that proxies look elsewhere, then no new connections, then the
   * requests under way, then everything that was opened.
   * @returns `false` when requests had to be cut off at `drainDeadlineMs`.
   */
  drain(): Promise<boolean>;
}

/**
 * Serves an app with its own health: `/livez` tells of the process alone, `/readyz` of what public reads need.
 * @param options.port - 0 takes a free one.
 * @param options.drainMs - Time between "not ready" and the end of listening.
 * @param options.drainDeadlineMs - Time that requests under way have after that; 10,000 unless told.
 * @throws When the address can't be listened on.
 */
export async function startServer(
  { app, resources }: { app: RequestListener; resources: Resources },
  options: { host: string; port: number; drainMs: number; drainDeadlineMs?: number },
): Promise<RunningServer> {
  let drained: Promise<boolean> | undefined;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
    (req, res) => {
      if (drained) res.setHeader('Connection', 'close');
      if (req.url === '/livez' && isRead(req)) return answer(res, 200);
      if (req.url === '/readyz' && isRead(req))
        return void readiness(resources, drained !== undefined).then((code) => answer(res, code));
      app(req, res);
    },
  );
  server.maxHeadersCount = 100;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    port,
    drain() {
      drained ??= drain(server, resources, options); // a second signal waits for the first one's work
      return drained;
    },
  };
}

async function drain(
  server: Server,
  resources: Resources,
  { drainMs, drainDeadlineMs = 10_000 }: { drainMs: number; drainDeadlineMs?: number },
): Promise<boolean> {
  await sleep(drainMs);
  const whole = await closeServer(server, drainDeadlineMs);
  await resources.close();
  return whole;
}

async function readiness(resources: Resources, draining: boolean): Promise<number> {
  if (draining) return 503;
  return resources.ready().then(
    () => 200,
    () => 503,
  );
}

function isRead(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

function answer(res: ServerResponse, status: number): void {
  res.writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
  res.end(status === 200 ? 'ok\n' : 'not ready\n');
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function closeServer(server: Server, deadlineMs: number): Promise<boolean> {
  const closed = new Promise<true>((resolve) => server.close(() => resolve(true)));
  // `close` ends the connections that are idle now. One that is busy now was promised to be kept alive, and would keep the
  // server open until its client lets go of it.
  const sweeper = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = new AbortController();
  const late = sleep(deadlineMs, false as const, { signal: deadline.signal }).catch(() => false as const);
  const whole = await Promise.race([closed, late]);
  deadline.abort();
  clearInterval(sweeper);
  if (!whole) server.closeAllConnections();
  return whole;
}
