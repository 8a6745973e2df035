import { setTimeout as sleep } from 'node:timers/promises';
import { countQuery, currentContext, openHandle, type Resource, UnavailableError } from '@day90/core';
import Database from 'better-sqlite3';
import knex from 'knex';
import { migrate } from './migrations/index.ts';
import { type SqlDatabase, type SqlQuery, statementBook } from './sql-database.ts';

/** How long a write waits for another process that holds the lock, in milliseconds. */
const LOCK_WAIT_MS = 5000;

/**
 * Opens a SQLite file, made and migrated if need be: one connection that writes and one that reads, for the whole life of
 * the process. In WAL mode a reader sees the last commit while a write is under way, so no read waits for a write, and
 * none sees half of one, which it would on the writer's own connection.
 * @see https://www.sqlite.org/wal.html
 */
export async function openSqlite(path: string): Promise<SqlDatabase & Resource> {
  await migrate(path, 'latest');
  const writer = connect(path);
  const reader = connect(path, { readonly: true });
  const inTurn = oneAtATime();

  const transactor: SqlDatabase['transactor'] = (work) => {
    const giveUpAt = lockDeadline();
    return inTurn(async () => {
      await whenUnlocked(() => writer.exec('BEGIN IMMEDIATE'), giveUpAt);
      try {
        const result = await work(writer);
        timed(() => writer.exec('COMMIT'), 0);
        return result;
      } catch (error) {
        if (writer.inTransaction) writer.exec('ROLLBACK');
        throw error;
      }
    });
  };

  const onWriter = preparedOn(writer);
  const onReader = preparedOn(reader);

  return {
    dialect: knex({ client: 'better-sqlite3', useNullAsDefault: true }),
    ...statementBook(hideValues),
    transactor,
    async run<Row>(query: SqlQuery) {
      if (openHandle() === writer) return timed(() => execute<Row>(onWriter(query), query), 1);
      const startedAt = performance.now();
      const statement = onReader(query);
      if (!statement.readonly) {
        const giveUpAt = lockDeadline();
        return inTurn(() => whenUnlocked(() => timed(() => execute<Row>(onWriter(query), query), 1), giveUpAt));
      }
      const rows = execute<Row>(statement, query);
      countQuery(performance.now() - startedAt);
      return rows;
    },
    async ready() {
      reader.prepare('SELECT 1').get();
    },
    async close() {
      reader.close();
      writer.close();
    },
  };
}

/**
 * SQLite built with STAT4, as better-sqlite3 is, looks at a bound value while it plans a join, and to do so prepares the
 * statement anew each time another value is bound: "prepared once" would be true of the text alone, and the plan of a page
 * would depend on its cursor. A unary plus changes no value, and keeps it from being looked at.
 * @see https://www.sqlite.org/compile.html#enable_stat4
 */
export function hideValues(sql: string): string {
  return sql.replaceAll('?', '+?');
}

type Prepared = Database.Statement<unknown[], unknown>;

/** Prepares statements on a connection; those with a name once. */
function preparedOn(connection: Database.Database): (query: SqlQuery) => Prepared {
  const named = new Map<string, Prepared>();
  return ({ name, sql }) => {
    const known = name === undefined ? undefined : named.get(name);
    if (known) return known;
    const statement = connection.prepare<unknown[], unknown>(sql);
    if (name !== undefined) named.set(name, statement);
    return statement;
  };
}

/** Opens one connection with the settings that every connection of the app has. */
export function connect(path: string, options: { readonly?: boolean } = {}): Database.Database {
  const connection = new Database(path, { ...options, timeout: LOCK_WAIT_MS });
  // FULL syncs at every commit, so that an answered write survives a power cut. NORMAL would lose the last ones.
  // https://www.sqlite.org/pragma.html#pragma_synchronous
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  // Reads take pages from the mapped file, without a system call and a copy for each that is not in the cache: a page of
  // posts touches twenty, and on a large table most are not. `ps` counts what was touched as the process's memory; it is
  // the system's page cache, and given back when somebody needs it. https://www.sqlite.org/mmap.html
  if (options.readonly) connection.pragma(`mmap_size = ${MAPPED_BYTES}`);
  // Opened, with a moment's patience for a process that was just closing the file. From here on better-sqlite3 must not wait:
  // it waits in the driver, and with it the whole process, so that every read would stand still for a lock that only writes
  // need. `whenUnlocked` waits beside the event loop.
  connection.pragma('busy_timeout = 0');
  return connection;
}

/** Pages kept in the process, a connection; the operating system keeps the rest of the file. */
const CACHE_KIB = 16_384;

/** All of any file that one process should serve, within what SQLite allows (2 GiB less 64 KiB). */
const MAPPED_BYTES = 0x7fff0000;

/** Runs a statement and gives its rows. */
export function execute<Row>(statement: Prepared, query: SqlQuery): Row[] {
  if (statement.reader) return statement.all(...query.values) as Row[];
  statement.run(...query.values);
  return [];
}

/** Adds the time of a call to the request's. */
export function timed<T>(call: () => T, queries: 0 | 1): T {
  const startedAt = performance.now();
  try {
    return call();
  } finally {
    countQuery(performance.now() - startedAt, queries);
  }
}

/**
 * When a write that is asked for now is given up. Counted from here, in front of the line of writes: were it counted from a
 * write's own turn, the tenth behind a held lock would wait ten times as long, for a client that is gone.
 */
function lockDeadline(): number {
  return Math.min(performance.now() + LOCK_WAIT_MS, currentContext()?.deadline ?? Number.POSITIVE_INFINITY);
}

/**
 * Tries again while another process holds the lock, at random moments so that two that wait do not meet again and again.
 * @throws {UnavailableError} When the lock is still held at `giveUpAt`, on the clock of `performance.now()`.
 */
export async function whenUnlocked<T>(call: () => T, giveUpAt = lockDeadline()): Promise<T> {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const { code } = error as { code?: string };
      if (!code?.startsWith('SQLITE_BUSY')) throw error;
      if (performance.now() >= giveUpAt) throw new UnavailableError('The database is locked.', { cause: error });
      await sleep(5 + Math.random() * 20);
    }
  }
}

/** A connection has one transaction at a time: whoever comes while one is open waits in line. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}
