/** Every way a request can fail on purpose; `http/problem.ts` knows the status of each. */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'version_mismatch'
  | 'precondition_failed'
  | 'range_not_satisfiable'
  | 'too_large'
  | 'unsupported_type'
  | 'idempotency_key_reused'
  | 'too_many_requests'
  | 'overloaded'
  | 'no_room';

/** What is wrong with one field; `path` is dotted, empty for the body as a whole. */
export interface FieldError {
  path: string;
  message: string;
}

/** A failure the client is told about. Everything else that is thrown is a bug, and answered by a bare 500. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[] | undefined;
  /** Seconds after which a retry makes sense, sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { fields?: FieldError[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'DomainError';
    this.code = code;
    this.fields = options.fields;
    this.retryAfter = options.retryAfter;
  }
}

/** There is no such thing, or none that this member may know of. */
export class NotFoundError extends DomainError {
  constructor(thing: string, id: string) {
    super('not_found', `There is no ${thing} ${id}.`);
  }
}

/** Input that does not fit its schema. */
export class InvalidError extends DomainError {
  constructor(fields: FieldError[]) {
    super('invalid', 'The request is not valid.', { fields });
  }
}

/** The store, or something else this request can't do without, is out of reach for the moment. */
export class UnavailableError extends DomainError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('overloaded', message, { retryAfter: 1, ...options });
  }
}
