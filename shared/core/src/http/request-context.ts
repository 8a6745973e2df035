import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import type { Express, RequestHandler, Response } from 'express';
import { type RequestContext, runInContext } from '../context.ts';
import type { Transactor } from '../ports.ts';

/** Time after which nobody waits for an answer any more, in milliseconds. */
const DEADLINE_MS = 10_000;
/** An id from a proxy or a client is taken over if it is one: it goes into logs and headers. */
const REQUEST_ID = /^[\w-]{8,64}$/;

/** Opens the context of each request, with the id it came with or a new one. */
export function requestContext(transactor: Transactor): RequestHandler {
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    const startedAt = performance.now();
    const context: RequestContext = {
      requestId,
      deadline: startedAt + DEADLINE_MS,
      transactor,
      queries: { count: 0, ms: 0 },
      timings: new Map(),
      written: { position: '' },
      tags: new Set(),
    };
    res.locals.context = context;
    res.locals.startedAt = startedAt;
    runInContext(context, next);
  };
}

/**
 * Runs `work` once, when the status is known and the head is not yet written. Of several the one set up last runs first.
 *
 * `before` is declared, and not written behind the `=`: V8 would take it for one that stays, and put it among the old objects at
 * once, with all that it can reach of its request (docs/decisions/18-what-is-taken-for-old.md).
 */
export function beforeHead(res: Response, work: (status: number) => void): void {
  const { writeHead } = res;
  let done = false;
  res.writeHead = before as typeof writeHead;
  function before(this: Response, ...args: Parameters<typeof writeHead>) {
    if (!done) work(args[0]);
    done = true;
    return writeHead.apply(this, args);
  }
}

type WriteHead = (
  this: Response,
  status: number,
  reason?: string | OutgoingHttpHeaders,
  headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
) => Response;

/**
 * Adds `Server-Timing`, `X-Served-By` and `X-Request-Id` to every answer of an app, at the last moment, when they are known.
 * Done once on the prototype of the app's answers: to wrap `writeHead` for each request costs a closure each time.
 * @see https://www.w3.org/TR/server-timing/
 */
export function stampAnswers(app: Express, box: string): void {
  const response = app.response as unknown as { writeHead: WriteHead };
  const { writeHead } = response;
  response.writeHead = function stamped(status, reason, headers) {
    const context = this.locals?.context as RequestContext | undefined;
    if (context && !this.headersSent) {
      this.setHeader('X-Served-By', box);
      this.setHeader('X-Request-Id', context.requestId);
      this.setHeader('Server-Timing', serverTiming(context, performance.now() - (this.locals.startedAt as number)));
    }
    return writeHead.call(this, status, reason, headers);
  };
}

function serverTiming({ queries, timings }: RequestContext, appMs: number): string {
  const count = queries.count === 1 ? '1 query' : `${queries.count} queries`;
  let header = `db;dur=${queries.ms.toFixed(3)};desc="${count}"`;
  for (const [name, parameters] of timings) header += `, ${name};${parameters}`;
  return `${header}, app;dur=${appMs.toFixed(3)}`;
}
