import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { currentContext } from '../context.ts';
import { DomainError, type ErrorCode, type FieldError, NotFoundError } from '../errors.ts';

const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  version_mismatch: 412,
  precondition_failed: 412,
  range_not_satisfiable: 416,
  too_large: 413,
  unsupported_type: 415,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  overloaded: 503,
  no_room: 507,
} satisfies Record<ErrorCode, number>;

const TITLE: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

/** Failures that a client is told about, and that a defender wants to read of (ASVS 16.3). */
const SECURITY_EVENTS = new Set<ErrorCode>(['unauthenticated', 'forbidden', 'too_many_requests', 'invalid']);

/** Answers whatever no route took: the same for an unknown path and a method that a path does not have. */
export const noRoute: RequestHandler = (req) => {
  throw new NotFoundError('page', req.path);
};

/** Express answers OPTIONS for every path it knows, which tells a stranger the paths; nobody here needs it without CORS. */
export const noOptions: RequestHandler = (req, _res, next) => {
  if (req.method === 'OPTIONS') throw new NotFoundError('page', req.path);
  next();
};

/** The only place that turns errors into answers (RFC 9457). Whatever is not a {@link DomainError} is a bug: logged whole, answered bare. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const problem = toDomainError(error);
    if (!problem) {
      logger.error({ err: error, requestId: requestId(), method: req.method, path: req.path }, 'unexpected error');
    }
    // Half an answer is out already: all that is left is to cut the connection, without Express printing the error again.
    if (res.headersSent) return void res.destroy();
    if (!problem) {
      return sendProblem(res, 500, { code: 'internal' });
    }
    if (SECURITY_EVENTS.has(problem.code)) {
      logger.warn(
        { event: problem.code, requestId: requestId(), method: req.method, path: req.path, ip: req.ip },
        'refused',
      );
    }
    if (problem.retryAfter !== undefined) res.set('Retry-After', String(problem.retryAfter));
    sendProblem(res, STATUS[problem.code], { code: problem.code, detail: problem.message, errors: problem.fields });
  };
}

/** Sends a problem document. Nothing of the request is repeated in it but what the error's own message says. */
function sendProblem(
  res: Response,
  status: number,
  problem: { code: string; detail?: string; errors?: FieldError[] | undefined },
): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: TITLE[status], status, ...problem, requestId: requestId() }));
}

function requestId(): string {
  return currentContext()?.requestId ?? '';
}

function toDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof ZodError) {
    const fields = error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not known here' }))
        : [{ path: issue.path.join('.'), message: issue.message }],
    );
    return new DomainError('invalid', 'The request is not valid.', { fields, cause: error });
  }
  return fromExpress(error);
}

/** What Express, its body parser and its static files throw: errors with a `status` and, from the parser, a `type`. */
function fromExpress(error: unknown): DomainError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const options = { cause: error };
  switch (error.status) {
    case 412:
      return new DomainError('precondition_failed', 'The file is not the one that was asked for.', options);
    case 416:
      return new DomainError('range_not_satisfiable', 'The file has no such part.', options);
    case 413:
      return new DomainError('too_large', 'The body is larger than 100 kB.', options);
    case 415:
      return new DomainError('unsupported_type', 'The charset or encoding of the body is not supported.', options);
    case 400:
      return new DomainError('invalid', 'The request could not be read.', {
        ...options,
        fields: [
          {
            path: '',
            message: 'type' in error && error.type === 'entity.parse.failed' ? 'is not valid JSON' : 'is malformed',
          },
        ],
      });
    default:
      return undefined;
  }
}
