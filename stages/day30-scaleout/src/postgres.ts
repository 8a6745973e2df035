import { setTimeout as sleep } from 'node:timers/promises';
import { countQuery, type Logger, openHandle, type Resource } from '@day90/core';
import knex from 'knex';
import type pg from 'pg';
import { type SqlDatabase, type SqlQuery, statementBook } from 'stage-1';
import { type AfterCommit, commit } from './postgres-commit.ts';
import { isConflict, isLost } from './postgres-errors.ts';
import { type PoolState, type PostgresPool, postgresPool } from './postgres-pool.ts';

/** How often a transaction is run that loses a conflict with another one. */
const MOST_TRIES = 3;
const RETRY_MS = 20;

/** A Postgres that is open. */
export interface Postgres extends SqlDatabase, Resource {
  /** Has some connections made, as it does by itself at first: to be called when a server is back, before it is used again. */
  connect(): Promise<void>;
  connections(): PoolState;
}

/**
 * Opens a Postgres: at once, connecting in the background and again whenever the connection is lost. Its schema is not its
 * affair: migrations need rights that the role of an app has no use for.
 *
 * Every failure to reach the server is an `UnavailableError`, within 1.2 s. Of a transaction that fails so, the writes may
 * have been made: what was lost may be the answer to its COMMIT.
 * @param options.pool - Connections at most.
 */
export function openPostgres(
  url: string,
  options: { logger: Logger; pool: number; afterCommit?: AfterCommit },
): Postgres {
  const pool = postgresPool(url, options.pool, options.logger);
  const open = new Set<unknown>();
  return {
    dialect: knex({ client: 'pg' }),
    ...statementBook(),
    broken: pool.broken,
    ready: pool.ready,
    connect: pool.connect,
    connections: pool.state,
    close: pool.close,
    async run<Row>({ name, sql, values }: SqlQuery) {
      const query = { text: sql, values: [...values], ...(name !== undefined && { name }) };
      const handle = openHandle();
      const { rows } = await timed(1, () =>
        open.has(handle) ? pool.send(handle as pg.PoolClient, query) : pool.onOne((client) => pool.send(client, query)),
      );
      return rows as Row[];
    },
    async transactor(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await pool.onOne((client) => inTransaction(pool, client, { open, work, after: options.afterCommit }));
        } catch (error) {
          if (tries === MOST_TRIES || !isConflict(error)) throw error;
        }
        await sleep(Math.random() * RETRY_MS * tries); // at random, so that two that met do not meet again
      }
    },
  };
}

async function inTransaction<T>(
  pool: PostgresPool,
  client: pg.PoolClient,
  { open, work, after }: { open: Set<unknown>; work: (handle: unknown) => Promise<T>; after: AfterCommit | undefined },
): Promise<T> {
  const control = (text: string) => timed(0, () => pool.send(client, { text }));
  await control('BEGIN');
  open.add(client);
  try {
    const result = await work(client);
    await commit(client, control, after);
    return result;
  } catch (error) {
    if (!isLost(error)) await control('ROLLBACK');
    throw error;
  } finally {
    open.delete(client);
  }
}

/** Adds the time of a call to the request's; the wait for a connection is time of the database, too. */
async function timed<T>(queries: 0 | 1, call: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await call();
  } finally {
    countQuery(performance.now() - startedAt, queries);
  }
}
