import autocannon from 'autocannon';

/** A path, or one with headers of its own, and what else makes a request of it. */
export type Asked = string | { path: string; headers: Record<string, string>; method?: 'POST'; body?: string };

/** A fixed number of requests over keep-alive connections, each sent when the answer before it has come. */
export interface ClosedLoop {
  url: string;
  connections: number;
  requests: number;
  /** The next request. */
  nextPath: () => Asked;
  signal: AbortSignal;
}

/** autocannon ends at one of its looks: with its own second between them, most of a short run would be waiting. */
const LOOK_EVERY_MS = 10;

/**
 * Sends them, with autocannon. For CPU time a request, which does not depend on the rate; never for latency, since a
 * closed loop waits with what it can't get rid of.
 * @returns How many were answered with 2xx.
 * @throws {Error} When one was not; the signal's reason when that was aborted.
 */
export async function closedLoop({ url, connections, requests, nextPath, signal }: ClosedLoop): Promise<number> {
  const run = autocannon({
    ...{ url, connections, amount: requests, sampleInt: LOOK_EVERY_MS },
    requests: [{ setupRequest: (request) => ({ ...request, ...withPath(nextPath()) }) }],
  });
  const stop = () => run.stop();
  signal.addEventListener('abort', stop);
  try {
    const { '2xx': good, non2xx, errors, timeouts } = await run;
    signal.throwIfAborted();
    const bad = non2xx + errors + timeouts;
    if (bad > 0) throw new Error(`${bad} of ${requests} requests to ${url} were not answered as expected`);
    if (good !== requests) throw new Error(`${url} answered ${good} of ${requests} requests`);
    return good;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function withPath(asked: Asked) {
  return typeof asked === 'string' ? { path: asked } : asked;
}
