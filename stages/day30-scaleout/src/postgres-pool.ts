import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, UnavailableError } from '@day90/core';
import pg from 'pg';
import { poolGrowth } from './pool-growth.ts';
import { asSeenByCallers, isLost } from './postgres-errors.ts';
import { Pulse } from './postgres-pulse.ts';
import { firstContact } from './postgres-schema.ts';

/** How long a call waits for a connection: one that is free, or a new one. All times are milliseconds. */
const CONNECT_MS = 1000;
/**
 * How long a new one may be in the making. It costs a server as much as a dozen reads (a process, a proof of the password, a
 * catalog): at its limit, that is seconds.
 */
const MAKE_MS = 10_000;
/** Ends a statement at the server: whoever asked is gone by then. */
const STATEMENT_MS = 5000;
/** Longer than any statement takes: one connection alone was cut, which the pulse on another can't tell. */
const ANSWER_MS = STATEMENT_MS + CONNECT_MS;
/** Ends the transaction of a client that forgot it, or was frozen: it holds locks that others wait for. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Calls that may wait for a connection, for each that there may be: more of them would only time out in line. */
const WAITING_FOR_EACH = 10;
const CLOSE_MS = 1000;
/**
 * Connections that there are before a server is used. Made by those who come first they would take each of them many times as
 * long as a read does: a process is forked, a password proven, a catalog read.
 */
const CONNECTIONS_AHEAD = 4;
/**
 * Keeps the plan of a prepared statement, too. Left to itself Postgres compares what a plan made for any values would cost
 * with one for those at hand, thinks the first much dearer where a limit is a parameter, and so plans each page anew: twice
 * the CPU time of a page. No plan here depends on values; `pnpm explain` shows the ones that are kept.
 * @see https://www.postgresql.org/docs/18/runtime-config-query.html#GUC-PLAN-CACHE-MODE
 */
const PLAN_ONCE = '-c plan_cache_mode=force_generic_plan';

/** How many connections there are, and how many calls wait for one. */
export interface PoolState {
  idle: number;
  busy: number;
  waiting: number;
}

/** Connections to one Postgres, made as they are needed and made again when they are lost. */
export interface PostgresPool {
  /** Resolves with why this database can never be used; pending for ever when it can. */
  readonly broken: Promise<string>;
  /** Works on a connection of its own, which is thrown away afterwards when it is of no use any more. */
  onOne<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /**
   * Sends something on such a connection.
   * @throws {UnavailableError} When the server can't be reached, found out within 1.2 s; else what the server has said.
   */
  send(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult>;
  /** @throws {UnavailableError} When the server was never reached, or does not answer now. */
  ready(): Promise<void>;
  /** Has the connections that a server has ahead, as far as it lets them be made within a second. */
  connect(): Promise<void>;
  state(): PoolState;
  close(): Promise<void>;
}

/** @param max - Connections at most, beside the one that watches the server. */
export function postgresPool(url: string, max: number, logger: Logger): PostgresPool {
  const sockets = new Set<Socket>();
  const config: pg.PoolConfig = { connectionString: url, application_name: 'day90', stream: () => newSocket(sockets) };
  const pool = new pg.Pool({
    ...config,
    options: PLAN_ONCE,
    connectionTimeoutMillis: MAKE_MS,
    idleTimeoutMillis: 0, // a connection costs a process, a login and the statements prepared on it: it is kept
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Without listeners either would end the process. Whoever uses a connection is told by its query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const growth = poolGrowth(pool, max);
  const pulse = new Pulse(config, sockets, logger);
  let waiting = 0;
  const unwatched = <T>(call: () => Promise<T>) => call();
  const watched = <T>(call: () => Promise<T>) =>
    pulse.during(call).catch((error: unknown) => Promise.reject(asSeenByCallers(error)));

  async function connection(watch: typeof watched): Promise<pg.PoolClient> {
    const connecting = pool.connect();
    return watch(() => inTime(connecting)).catch((error: unknown) => {
      // Given up on, it still gets its connection one day, which nobody else would hand back.
      void connecting.then((client) => client.release()).catch(() => {});
      throw error;
    });
  }
  async function connect(): Promise<void> {
    const count = Math.min(max, CONNECTIONS_AHEAD);
    growth.allow(count);
    const made = await Promise.allSettled(Array.from({ length: count }, () => connection(unwatched)));
    for (const one of made) if (one.status === 'fulfilled') one.value.release();
  }
  const contact = firstContact({ pool, connection: () => connection(unwatched), connect }, new URL(url), logger);

  async function checkOut(): Promise<pg.PoolClient> {
    if (waiting >= max * WAITING_FOR_EACH) throw new UnavailableError('The database has more to do than it can take.');
    waiting += 1;
    growth.tend();
    // pool.waitingCount would be of those, too, who have given up.
    return connection(watched).finally(() => {
      waiting -= 1;
    });
  }

  return {
    broken: contact.broken,
    async onOne(work) {
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
    },
    send: (client, query) => watched(() => answerTo(client, query)),
    async ready() {
      if (!contact.had) throw new UnavailableError('The database was not reached yet.');
      await pulse.ask();
    },
    connect,
    state: () => ({ idle: pool.idleCount, busy: pool.totalCount - pool.idleCount, waiting }),
    async close() {
      pulse.close();
      await Promise.race([pool.end(), sleep(CLOSE_MS)]);
      for (const socket of sockets) socket.destroy();
    },
  };
}

function inTime(connecting: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new UnavailableError('No connection to the database was free.')), CONNECT_MS);
    connecting.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/**
 * Sends a query with a callback and a time-out of our own. With `query_timeout`, and for the promise of `client.query`, node-postgres
 * (8.23) writes a function behind `query.callback =`. V8 takes such a one for one that stays, and puts it among the old objects
 * at once, with the rows that it can reach; to find those a box with a fifth of a core stood still for half a second of every half
 * minute.
 */
function answerTo(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new UnavailableError('The database left a query unanswered.')), ANSWER_MS);
    client.query(query, (error: Error | null, result: pg.QueryResult) => {
      clearTimeout(late);
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** Sockets of our own making can be counted, and cut when a goodbye would never be answered. */
function newSocket(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
}
