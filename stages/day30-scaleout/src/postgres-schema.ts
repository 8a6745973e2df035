import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@day90/core';
import type pg from 'pg';
import { migrationSource } from 'stage-1';
import { isRefusal } from './postgres-errors.ts';

const RETRY_MS = 250;
const UNDEFINED_TABLE = '42P01';

/** The first words with a database, which may come up long after the app has. */
export interface Contact {
  /** Whether it has been reached, and has the schema. */
  readonly had: boolean;
  /** Resolves with why this app can never work with it; pending for ever when it can. */
  readonly broken: Promise<string>;
}

/**
 * Asks a database until it answers whether it has the tables this app was written for. Those of a later version do, too: a
 * migration comes before the app that needs it, and keeps what the running one reads. Says once that it waits, and once that it
 * need not any more.
 */
export function firstContact(
  { pool, connection, connect }: { pool: pg.Pool; connection(): Promise<pg.PoolClient>; connect(): Promise<void> },
  { host, pathname }: URL,
  logger: Logger,
): Contact {
  const contact = { had: false };
  let waits = false;
  async function ask(): Promise<string> {
    const where = `The database ${host}${pathname}`;
    while (!pool.ending) {
      try {
        const missing = await missingMigrations(await connection());
        if (missing.length === 0) {
          await connect();
          contact.had = true;
          if (waits) logger.info(`the database ${host}${pathname} is there`);
          break;
        }
        return `${where} lacks the migrations ${missing.join(', ')}: run them first, as its owner; data of this workspace is deleted by \`npx -y pnpm reset\`, and made anew by the next start`;
      } catch (error) {
        if (isRefusal(error)) return `${where} refuses this app: ${(error as Error).message}`;
        if (!waits && !pool.ending)
          logger.warn(`waiting for the database ${host}${pathname}, which can't be reached yet`);
        waits = true;
      }
      await sleep(RETRY_MS, undefined, { ref: false });
    }
    return new Promise(() => {});
  }
  return Object.assign(contact, { broken: ask() });
}

async function missingMigrations(client: pg.PoolClient): Promise<string[]> {
  const wanted = await migrationSource.getMigrations([]);
  const done: string[] = await client
    .query<{ name: string }>('SELECT name FROM knex_migrations')
    .then(({ rows }) => rows.map(({ name }) => name))
    .catch((error: { code?: string }) => {
      if (error.code === UNDEFINED_TABLE) return [];
      throw error;
    })
    .finally(() => client.release());
  return wanted.filter((name) => !done.includes(name));
}
