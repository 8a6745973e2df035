import type { Data } from '@day90/infra';
import type Database from 'better-sqlite3';
import knex from 'knex';
import { type SqlDatabase, type SqlQuery, statementBook } from 'stage-1';
import { connect, execute, hideValues } from '../src/sqlite.ts';
import { topology } from '../src/topology.ts';

/** One connection for the app's own repositories, whose statements are timed as `Server-Timing` times them. */
export interface MeasuredDatabase extends SqlDatabase {
  /** Milliseconds that all statements have taken so far. */
  spentMs: { reads: number; writes: number };
  /** For what is no statement of the repositories. */
  connection: Database.Database;
}

/**
 * Opens a file as it is: the app would bring its schema to the latest first, indexes included.
 * @param options.rewrite - Changes each statement of the repositories before it is prepared.
 */
export function openMeasured(
  path: string,
  { readonly = false, rewrite = (sql) => sql }: { readonly?: boolean; rewrite?: (sql: string) => string } = {},
): MeasuredDatabase {
  const connection = connect(path, { readonly });
  const prepared = new Map<string, Database.Statement<unknown[], unknown>>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? connection.prepare<unknown[], unknown>(rewrite(sql));
    prepared.set(sql, known);
    return known;
  };
  const db: MeasuredDatabase = {
    dialect: knex({ client: 'better-sqlite3', useNullAsDefault: true }),
    ...statementBook(hideValues),
    transactor: () => Promise.reject(new Error('measured statements commit by themselves')),
    spentMs: { reads: 0, writes: 0 },
    connection,
    async run<Row>(query: SqlQuery) {
      const ready = statement(query.sql);
      const startedAt = performance.now();
      const rows = execute<Row>(ready, query);
      db.spentMs[ready.readonly ? 'reads' : 'writes'] += performance.now() - startedAt;
      return rows;
    },
  };
  return db;
}

/** What the stage's topology says of its seeded data. */
export function seededData(): Data {
  if (!topology.data) throw new Error('the topology of this stage has no data');
  return topology.data;
}

/** Path of the database in a folder of seeded data. */
export function databaseIn(folder: string): string {
  return `${folder}/day90.sqlite`;
}
