import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';

/**
 * Writes one line for each answer, and for each request whose client went away before it.
 * Without the logger's search for secret keys, which took most of the time of a line: these seven fields have none.
 * pino itself, without pino-http: that one makes a child logger for each request and prints both header lists. Headers are
 * never logged here, so no cookie can be.
 */
export function accessLog(logger: Logger): RequestHandler {
  const lines = logger.child({}, { redact: [] });
  return (_req, res, next) => {
    res.once('close', () => write(lines, res));
    next();
  };
}

function write(logger: Logger, res: Response): void {
  const { context, startedAt } = res.locals as { context: RequestContext; startedAt: number };
  const line = {
    requestId: context.requestId,
    method: res.req.method,
    url: res.req.originalUrl,
    status: res.statusCode,
    ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
    queries: context.queries.count,
  };
  if (!res.writableFinished) logger.warn(line, 'client went away');
  else if (res.statusCode >= 500) logger.error(line, 'request');
  else logger.info(line, 'request');
}
