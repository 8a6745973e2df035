import type { RequestContext, RequestHandler } from '@day90/core';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from './metrics.ts';
import { methodLabel, routeLabel } from './request-labels.ts';

type Response = Parameters<RequestHandler>[1];

/**
 * In seconds, with one at each goal: 0.1 (what visitors are promised) and 0.5 (what wakes somebody). How many were faster
 * than that can be told exactly; in between it is a guess along a straight line.
 * @see https://prometheus.io/docs/practices/histograms/#quantiles
 */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** The client went away before its answer: no failure of ours. nginx has the same number for it. */
const CLIENT_CLOSED_REQUEST = 499;
/** What the cache does for a request, as `Server-Timing` tells it. */
const CACHE_RESULTS = ['hit', 'stale', 'miss', 'bypass'];

/**
 * Counts and times all requests (rate, errors, duration), what the cache did for them, and the queries they took.
 * Outermost, so that it also sees what other middleware refuses. Health checks are answered before any middleware, and are not
 * in it.
 */
export function httpMetrics({ registry }: Metrics): RequestHandler {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const help = 'Time until the answer was sent, by route pattern; 499 is a client that went away.';
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    ...{ help, labelNames, buckets: BUCKETS, registers },
  });
  const queries = new Counter({ name: 'db_queries_total', help: 'Queries that requests took.', registers });
  const cached = cacheRequests(registers);
  const inFlight = inFlightGauge(registers);
  return (_req, res, next) => {
    inFlight.now += 1;
    res.once('close', () => {
      inFlight.now -= 1;
      const { context, startedAt } = res.locals as { context: RequestContext; startedAt: number };
      duration.observe(labelsOf(res), (performance.now() - startedAt) / 1000);
      queries.inc(context.queries.count);
      cached(context.timings.get('cache'));
    });
    next();
  };
}

function labelsOf(res: Response) {
  const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
  return { method: methodLabel(res.req), route: routeLabel(res.req), status };
}

function inFlightGauge(registers: Metrics['registry'][]): { now: number } {
  const requests = { now: 0 };
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
    collect() {
      this.set(requests.now);
    },
  });
  return requests;
}

function cacheRequests(registers: Metrics['registry'][]): (timing: string | undefined) => void {
  const help = 'Requests by what the cache did for them.';
  const requests = new Counter({ name: 'cache_requests_total', help, labelNames: ['result'], registers });
  const byTiming = new Map(CACHE_RESULTS.map((result) => [`desc=${result}`, { result }]));
  for (const labels of byTiming.values()) requests.inc(labels, 0); // a rate needs a value before the first one
  return (timing) => {
    const labels = timing === undefined ? undefined : byTiming.get(timing);
    if (labels) requests.inc(labels);
  };
}
