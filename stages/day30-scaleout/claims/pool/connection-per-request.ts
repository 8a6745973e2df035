import {
  countQuery,
  currentContext,
  openHandle,
  type RequestContext,
  type RequestHandler,
  type Resource,
} from '@day90/core';
import knex from 'knex';
import pg from 'pg';
import { type SqlDatabase, type SqlQuery, statementBook } from 'stage-1';

/** A database whose connections live as long as a request, and the middleware that ends them. */
export interface RequestConnections extends SqlDatabase, Resource {
  closeAfterAnswer: RequestHandler;
}

/**
 * Connects for each request that asks the database something, and ends that connection behind its answer. For what is
 * written here in full in many a first version, a process is forked, a password proven and a catalogue read each time.
 */
export function connectionPerRequest(url: string): RequestConnections {
  const connections = new WeakMap<RequestContext['queries'], Promise<pg.Client>>();
  const open = new Set<unknown>();

  /** The request's own connection; `queries` is the one object that all contexts of a request share. */
  function connectionOf({ queries }: RequestContext): Promise<pg.Client> {
    const known = connections.get(queries) ?? timed(0, () => connect(url));
    connections.set(queries, known);
    return known;
  }

  /** Works on the request's connection, or outside of any request on one just for that. */
  async function connected<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const context = currentContext();
    if (context) return work(await connectionOf(context));
    const client = await connect(url);
    return work(client).finally(() => client.end());
  }

  return {
    dialect: knex({ client: 'pg' }),
    ...statementBook(),
    transactor: (work) => connected((client) => inTransaction(client, open, work)),
    async run<Row>(query: SqlQuery) {
      const handle = openHandle();
      return open.has(handle) ? rows<Row>(handle as pg.Client, query) : connected((client) => rows<Row>(client, query));
    },
    closeAfterAnswer(_req, res, next) {
      const { queries } = res.locals.context as RequestContext;
      res.once(
        'close',
        () =>
          void connections
            .get(queries)
            ?.then((client) => client.end())
            .catch(() => {}),
      );
      next();
    },
    ready: async () => (await connect(url)).end(),
    async close() {},
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // whoever uses it is told by the query
  await client.connect();
  return client;
}

/** Without its name: a statement is prepared for a connection, and this one will not see it again. */
function rows<Row>(client: pg.Client, { sql, values }: SqlQuery): Promise<Row[]> {
  return timed(1, async () => (await client.query(sql, [...values])).rows as Row[]);
}

async function inTransaction<T>(
  client: pg.Client,
  open: Set<unknown>,
  work: (handle: unknown) => Promise<T>,
): Promise<T> {
  await client.query('BEGIN');
  open.add(client);
  try {
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    open.delete(client);
  }
}

async function timed<T>(queries: 0 | 1, call: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await call();
  } finally {
    countQuery(performance.now() - startedAt, queries);
  }
}
