import type { Transactor } from '@day90/core';
import type { Knex } from 'knex';

/**
 * What the repositories ask of a database. SQLite stands behind it, or Postgres; what differs between
 * the two is in the adapters and nowhere else.
 */
export interface SqlDatabase {
  /** Builds queries in the database's dialect; it has no connection of its own. */
  readonly dialect: Knex;
  /**
   * Runs a query: in the transaction of the request where one is open, else by itself.
   * @returns The rows of a `SELECT` or of `RETURNING`, else none.
   */
  run<Row>(query: SqlQuery): Promise<Row[]>;
  readonly transactor: Transactor;
  /** Takes in a statement that will be run many times. @returns Its text, as this database should prepare it. */
  keep(name: string, sql: string): string;
  /** Every statement kept, for `explain`. */
  readonly statements: ReadonlyMap<string, string>;
}

export interface SqlQuery {
  /** Names a statement that is worth keeping prepared. */
  name?: string;
  sql: string;
  values: readonly unknown[];
}

/** Stands for a parameter while a statement is built. */
type Placeholder<Params> = (name: keyof Params & string) => number;

/**
 * Builds a statement once, to be run many times: knex takes longer to build a query than SQLite to answer it.
 * @param build - Gets the dialect and a maker of placeholders: `where('id', $('id'))`.
 * @returns A function from the parameters to the rows.
 */
export function hotStatement<Params extends Record<string, unknown>, Row>(
  db: SqlDatabase,
  name: string,
  build: (dialect: Knex, $: Placeholder<Params>) => Knex.QueryBuilder | Knex.Raw,
): (params: Params) => Promise<Row[]> {
  const names: string[] = [];
  // knex turns a limit into an integer while it builds, so a placeholder must be a number: one that nobody would write.
  const $: Placeholder<Params> = (param) => FIRST_PLACEHOLDER + names.push(param) - 1;
  const { sql, bindings } = build(db.dialect, $).toSQL().toNative();
  const order = bindings.map((binding) => {
    const param = names[(binding as number) - FIRST_PLACEHOLDER];
    if (param === undefined) throw new Error(`Statement ${name} has a value in it that is no placeholder`);
    return param;
  });
  const text = db.keep(name, sql);
  return (params) => db.run<Row>({ name, sql: text, values: order.map((param) => params[param]) });
}

/**
 * The book of hot statements that a database keeps.
 * @param finish - Makes of knex's text what is to be prepared.
 */
export function statementBook(
  finish: (sql: string) => string = (sql) => sql,
): Pick<SqlDatabase, 'keep' | 'statements'> {
  const statements = new Map<string, string>();
  return {
    statements,
    keep(name, sql) {
      const text = finish(sql);
      statements.set(name, text);
      return text;
    },
  };
}

const FIRST_PLACEHOLDER = 2_000_000_000;

/** Builds and runs a query that is rare, or different each time. */
export function coldQuery<Row>(db: SqlDatabase, query: Knex.QueryBuilder | Knex.Raw): Promise<Row[]> {
  const { sql, bindings } = query.toSQL().toNative();
  return db.run<Row>({ sql, values: bindings });
}
