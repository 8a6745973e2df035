import type { IncomingHttpHeaders } from 'node:http';

/** Seconds since 1970, as nginx' `$msec` has them. */
const STARTED = /^t=(\d{1,12}\.\d{3})$/;
/** Nobody lets a request wait for longer: what claims to be older was sent by another clock. */
const LONGEST_MS = 60_000;

/**
 * How long a request was on its way from the proxy to here, in milliseconds. A box that is busy sees none of it otherwise: the
 * request lies in a socket that nobody reads. Undefined where there is no `X-Request-Start`, or none that can be.
 */
export function waitedMs(headers: IncomingHttpHeaders): number | undefined {
  const header = headers['x-request-start'];
  const [, seconds] = STARTED.exec(typeof header === 'string' ? header : '') ?? [];
  if (seconds === undefined) return undefined;
  const waited = Date.now() - Number(seconds) * 1000;
  return waited > -1 && waited < LONGEST_MS ? Math.max(0, waited) : undefined;
}
