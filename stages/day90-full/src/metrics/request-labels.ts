import type { RequestHandler } from '@day90/core';

type Request = Parameters<RequestHandler>[0];

/** Everything below it is one route; the files have no patterns. */
const STATIC = '/static/';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * The pattern of the route that took a request: `/posts/:id`. Never its URL, which is the sender's to choose: each value of a
 * label is a series of its own, and a million of them are the end of a Prometheus.
 * @returns `unmatched` when no route took it.
 * @see https://prometheus.io/docs/practices/naming/#labels
 */
export function routeLabel({ route, originalUrl }: Request): string {
  if (route) return String(route.path);
  return originalUrl.startsWith(STATIC) ? `${STATIC}*` : 'unmatched';
}

/** @returns `other` for a method that no client needs here: Node takes more than thirty. */
export function methodLabel({ method }: Request): string {
  return METHODS.has(method) ? method : 'other';
}
