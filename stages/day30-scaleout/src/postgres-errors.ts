import { UnavailableError } from '@day90/core';
import pg from 'pg';

/** Codes that a later try may not meet: a conflict with another transaction. */
const RETRIED = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected
/**
 * Classes and codes that say nothing about the statement: connection lost, resources short, server going down or coming up,
 * statement taking too long, what was tried again in vain, and a server that takes no writes (25006): it was the primary
 * until a moment ago, or will be one in a moment.
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const UNAVAILABLE = /^(08...|53...|57P0[1-5]|57014|25006|25P03|55P03|28...|3D000|40001|40P01)$/;
/** What node-postgres throws, without a code, when the connection was lost or never had. */
const LOST = /^(Connection terminated|timeout expired|Client (has encountered|was closed)|Cannot use a pool)/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

/** Whether a transaction that failed this way may succeed when it is run again from its start. */
export function isConflict(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return RETRIED.has(codeOf(error)) || RETRIED.has(codeOf(cause));
}

/** Whether the server itself has answered, if only by an error: it is there, and takes connections. */
export function isFromServer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !codeOf(error).startsWith('57P');
}

/** Whether it will be the same for ever: a wrong password, no such database or table, no right to it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(28|3D|42)/.test(codeOf(error));
}

/** What a caller is told: a client may come again later, or it is a bug and stays as it is. */
export function asSeenByCallers(error: unknown): unknown {
  const code = codeOf(error);
  const unavailable =
    error instanceof pg.DatabaseError
      ? UNAVAILABLE.test(code)
      : SOCKET_CODES.has(code) || LOST.test((error as Error).message);
  if (unavailable) return new UnavailableError('The database is out of reach.', { cause: error });
  return error;
}

/** Whether what a caller was told means that the connection is of no use any more. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof UnavailableError)) return false;
  const { cause } = error;
  return !(cause instanceof pg.DatabaseError) || /^(08|57P|25P03)/.test(codeOf(cause));
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
