import { currentContext, type RequestContext, type RequestHandler, type Resource } from '@day90/core';
import type Database from 'better-sqlite3';
import knex from 'knex';
import { migrate } from '../migrations/index.ts';
import { type SqlDatabase, type SqlQuery, statementBook } from '../sql-database.ts';
import { connect, execute, timed, whenUnlocked } from '../sqlite.ts';

/** A database whose connections live as long as a request, and the middleware that ends them. */
export interface RequestConnections extends SqlDatabase, Resource {
  closeAfterAnswer: RequestHandler;
}

/**
 * Opens the file anew for each request that asks for it, and prepares every statement anew: what many a first version
 * does, and what the bare tables without indexes go with.
 */
export async function connectionPerRequest(path: string): Promise<RequestConnections> {
  await migrate(path, 'tables');
  const connections = new WeakMap<RequestContext['queries'], Database.Database>();

  /** The request's own connection; `queries` is the one object that all contexts of a request share. */
  function connectionOf({ queries }: RequestContext): Database.Database {
    const known = connections.get(queries) ?? timed(() => connect(path), 0);
    connections.set(queries, known);
    return known;
  }

  /** Runs `work` on the request's connection, or outside of any request on one just for it. */
  async function connected<T>(work: (connection: Database.Database) => Promise<T>): Promise<T> {
    const context = currentContext();
    if (context) return work(connectionOf(context));
    const connection = connect(path);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  return {
    dialect: knex({ client: 'better-sqlite3', useNullAsDefault: true }),
    ...statementBook(),
    transactor: (work) =>
      connected(async (own) => {
        await whenUnlocked(() => own.exec('BEGIN IMMEDIATE'));
        try {
          const result = await work(own);
          timed(() => own.exec('COMMIT'), 0);
          return result;
        } catch (error) {
          if (own.inTransaction) own.exec('ROLLBACK');
          throw error;
        }
      }),
    run: <Row>(query: SqlQuery) =>
      connected((own) => whenUnlocked(() => timed(() => execute<Row>(own.prepare(query.sql), query), 1))),
    closeAfterAnswer(_req, res, next) {
      const { queries } = res.locals.context as RequestContext;
      res.once('close', () => connections.get(queries)?.close());
      next();
    },
    async ready() {
      connect(path, { readonly: true }).close();
    },
    async close() {},
  };
}
