import { UnavailableError } from '@day90/core';
import type pg from 'pg';

/** A question that goes to the server with each COMMIT, in one message: it is answered after the commit, and costs no trip. */
export interface AfterCommit {
  sql: string;
  /** Gets the one row of the answer, where the transaction was begun. */
  note(row: Record<string, unknown>): Promise<void>;
}

/**
 * Commits the transaction of a connection.
 * @param send - Sends a statement on it.
 * @throws {UnavailableError} When it may have been committed, or not everywhere where it should be.
 * @throws {Error} When it was rolled back.
 */
export async function commit(
  client: pg.PoolClient,
  send: (text: string) => Promise<pg.QueryResult | pg.QueryResult[]>,
  after: AfterCommit | undefined,
): Promise<void> {
  let warning: string | undefined;
  const listen = ({ severity, message }: { severity?: string | undefined; message?: string | undefined }) => {
    if (severity === 'WARNING') warning = message ?? severity;
  };
  client.on('notice', listen);
  const replies = await send(after ? `COMMIT; ${after.sql}` : 'COMMIT').finally(() => client.off('notice', listen));
  const [done, answer] = [replies].flat();
  // Postgres answers the COMMIT of a transaction that has failed by a ROLLBACK, and no error.
  if (done?.command !== 'COMMIT')
    throw new Error('Rolled back: an error within the transaction was caught and passed over.');
  // It was to wait for a standby and was told to wait no longer: done here, and lost should the standby take over now.
  // https://www.postgresql.org/docs/18/warm-standby.html#SYNCHRONOUS-REPLICATION
  if (warning !== undefined) throw new UnavailableError(`The database is not sure of a commit: ${warning}`);
  const row = answer?.rows[0] as Record<string, unknown> | undefined;
  if (row) await after?.note(row);
}
