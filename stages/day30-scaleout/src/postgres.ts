import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { countQuery, type Logger, openHandle, type Resource, UnavailableError } from '@day90/core';
import knex from 'knex';
import pg from 'pg';
import { type SqlDatabase, type SqlQuery, statementBook } from 'stage-1';
import { asSeenByCallers, isConflict, isLost } from './postgres-errors.ts';
import { Pulse } from './postgres-pulse.ts';
import { firstContact } from './postgres-schema.ts';

/** How long a call waits for a connection: one that is free, or a new one. All times are milliseconds. */
const CONNECT_MS = 1000;
/** Ends a statement at the server: whoever asked is gone by then. */
const STATEMENT_MS = 5000;
/** Ends the transaction of a client that forgot it, or was frozen: it holds locks that others wait for. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Calls that may wait for a connection, for each that there is: more of them would only time out in line. */
const WAITING_FOR_EACH = 10;
/**
 * Keeps the plan of a prepared statement, too. Left to itself Postgres compares what a plan made for any values would cost
 * with one for those at hand, thinks the first much dearer where a limit is a parameter, and so plans each page anew: twice
 * the CPU time of a page. No plan here depends on values; `pnpm explain` shows the ones that are kept.
 * @see https://www.postgresql.org/docs/18/runtime-config-query.html#GUC-PLAN-CACHE-MODE
 */
const PLAN_ONCE = '-c plan_cache_mode=force_generic_plan';
const MOST_TRIES = 3;
const RETRY_MS = 20;
const CLOSE_MS = 1000;

/**
 * Opens a Postgres: at once, connecting in the background and again whenever the connection is lost. Its schema is not its
 * affair: migrations need rights that the role of an app has no use for.
 *
 * Every failure to reach the server is an {@link UnavailableError}, within 1.2 s, however it came about.
 * @param options.pool - Connections at most.
 */
export function openPostgres(url: string, options: { logger: Logger; pool: number }): SqlDatabase & Resource {
  const { logger } = options;
  const sockets = new Set<Socket>();
  const config: pg.PoolConfig = { connectionString: url, application_name: 'day90', stream: () => newSocket(sockets) };
  const pool = new pg.Pool({
    ...config,
    options: PLAN_ONCE,
    max: options.pool,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 0, // a connection costs a process, a login and the statements prepared on it: it is kept
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + CONNECT_MS, // one connection alone was cut, which the pulse on another can't tell
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Without listeners either would end the process. Whoever uses a connection is told by its query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const pulse = new Pulse(config, sockets, logger);
  const contact = firstContact(pool, new URL(url));
  const open = new Set<unknown>();

  async function checkOut(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= options.pool * WAITING_FOR_EACH)
      throw new UnavailableError('The database has more to do than it can take.');
    const connecting = pool.connect();
    return watched(() => connecting).catch((error: unknown) => {
      // Given up by the pulse it still gets its connection one day, which nobody else would hand back.
      void connecting.then((client) => client.release()).catch(() => {});
      throw error;
    });
  }

  /** Works on one connection, which is thrown away when it is of no use any more. */
  async function onOne<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await checkOut();
    let lost = false;
    try {
      return await work(client);
    } catch (error) {
      lost = isLost(error);
      throw error;
    } finally {
      client.release(lost);
    }
  }

  async function watched<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await pulse.during(call);
    } catch (error) {
      throw asSeenByCallers(error);
    }
  }

  async function rows<Row>(client: pg.PoolClient, { name, sql, values }: SqlQuery): Promise<Row[]> {
    const config = { text: sql, values: [...values], ...(name !== undefined && { name }) };
    return (await watched(() => client.query(config))).rows as Row[];
  }

  async function inTransaction<T>(client: pg.PoolClient, work: (handle: unknown) => Promise<T>): Promise<T> {
    const control = (sql: string) => timed(0, () => watched(() => client.query(sql)));
    await control('BEGIN');
    open.add(client);
    try {
      const result = await work(client);
      const { command } = await control('COMMIT');
      // Postgres answers the COMMIT of a transaction that has failed by a ROLLBACK, and no error.
      if (command !== 'COMMIT')
        throw new Error('Rolled back: an error within the transaction was caught and passed over.');
      return result;
    } catch (error) {
      if (!isLost(error)) await control('ROLLBACK');
      throw error;
    } finally {
      open.delete(client);
    }
  }

  return {
    dialect: knex({ client: 'pg' }),
    ...statementBook(),
    broken: contact.broken,
    async run<Row>(query: SqlQuery) {
      const handle = openHandle();
      return timed(1, () =>
        open.has(handle) ? rows<Row>(handle as pg.PoolClient, query) : onOne((client) => rows<Row>(client, query)),
      );
    },
    async transactor(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await onOne((client) => inTransaction(client, work));
        } catch (error) {
          if (tries === MOST_TRIES || !isConflict(error)) throw error;
        }
        await sleep(Math.random() * RETRY_MS * tries); // at random, so that two that met do not meet again
      }
    },
    async ready() {
      if (!contact.had) throw new UnavailableError('The database was not reached yet.');
      await pulse.ask();
    },
    async close() {
      pulse.close();
      await Promise.race([pool.end(), sleep(CLOSE_MS)]);
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Sockets of our own making can be counted, and cut when a goodbye would never be answered. */
function newSocket(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
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
