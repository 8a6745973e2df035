import { execFileSync } from 'node:child_process';
import { createLogger, type Resource } from '@day90/core';
import { afterAll } from '@jest/globals';
import pg from 'pg';
import { type SqlDatabase, sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { openPostgres } from '../src/postgres.ts';
import { copyDatabase, type DatabaseCopy } from '../src/postgres-copy.ts';
import { databaseUrl, type PostgresServer, startPostgres } from '../src/postgres-server.ts';

export const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

/** One Postgres of the `small` data on a free port, for all tests of a file; ended after the last of them. */
export function postgresOfThisFile() {
  let copy: Promise<DatabaseCopy> | undefined;
  let running: Promise<PostgresServer> | undefined;
  const copied = () => {
    copy ??= copyDatabase('small');
    return copy;
  };
  const server = (port?: number) => {
    running ??= copied().then(({ folder, passwords, guardian }) =>
      startPostgres(folder, passwords, { guardian, ...(port !== undefined && { port }) }),
    );
    return running;
  };
  const stop = async () => {
    const { stop: end } = await server();
    running = undefined;
    await end();
  };
  afterAll(async () => {
    if (running) await stop();
    await (await copy)?.remove();
  });

  return {
    copied,
    server,
    stop,
    /** Kills it with all its helpers, as a power cut would. @returns What starts it again on the same port. */
    async kill() {
      const { pid, port, gone } = await server();
      running = undefined;
      signalAll(pid, 'SIGKILL');
      await gone;
      return () => server(port);
    },
    async signal(signal: NodeJS.Signals) {
      signalAll((await server()).pid, signal);
    },
    async url(role: 'app' | 'owner' = 'app') {
      return databaseUrl(role, (await copied()).passwords, (await server()).port);
    },
    /** Runs one statement as a role, by itself. */
    async query<Row extends pg.QueryResultRow>(role: 'app' | 'owner', sql: string): Promise<Row[]> {
      const client = new pg.Client({ connectionString: await this.url(role) });
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    /** The adapters of stage 1 on it, with a pool of their own. */
    async rig() {
      return adapters(openPostgres(await this.url(), { logger, pool: 10 }));
    },
  };
}

function adapters(db: SqlDatabase & Resource) {
  const views = sqlViews(db, logger);
  const answers = sqlAnswers(db, logger);
  return {
    db,
    transactor: db.transactor,
    users: sqlUsers(db),
    posts: sqlPosts(db),
    views,
    answers,
    recommend: sqlRecommend(db),
    async close() {
      await views.close();
      await answers.close();
      await db.close();
    },
  };
}

/** Postgres' helpers have groups of their own: a signal to the server, or to its group, reaches none of them. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = rows.map((row) => row.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === pid);
  for (const one of [pid, ...children.map(([child]) => child as number)]) process.kill(one, signal);
}
