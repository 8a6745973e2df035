import { join } from 'node:path';
import { createLogger, runInBackground } from '@day90/core';
import { ADMIN, DEMO_MEMBERS, follows, posts, SCALES, type Scale, users } from '@day90/testing/data';
import pg from 'pg';
import { sqlRecommend } from 'stage-1';
import { letAppUseRows } from './app-rights.ts';
import { copyRows } from './copy-rows.ts';
import { makeDatabase, type RolePasswords, syncFolder } from './make-database.ts';
import { openPostgres } from './postgres.ts';
import { migrate } from './postgres-migrate.ts';
import { databaseUrl, startPostgres } from './postgres-server.ts';

/** Safe here alone: a load that is cut off is thrown away whole. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Rows of a table that was emptied in the same transaction are then not written twice.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  maintenance_work_mem: '512MB',
  autovacuum: 'off',
};
const TABLES = ['users', 'follows', 'posts', 'recommendations', 'idempotency_keys'];

/**
 * Makes the seeded database in a new folder, and leaves it as a cold copy: ended in order, written to the disk. The tables
 * come first, then the rows, then indexes and foreign keys: built at once from all rows, or checked by one join, they
 * take a fraction of what they cost row by row.
 */
export async function loadData(
  folder: string,
  scale: Scale,
  passwords: RolePasswords,
  onProgress: (line: string) => void,
): Promise<void> {
  makeDatabase(folder, passwords);
  const server = await startPostgres(folder, passwords, { settings: FAST });
  const url = databaseUrl('owner', passwords, server.port);
  const owner = new pg.Client({ connectionString: url });
  try {
    await migrate(url, 'tables');
    await owner.connect();
    const addForeignKeys = await dropForeignKeys(owner);
    await copyAll(owner, scale, onProgress);
    onProgress('indexes, foreign keys');
    await migrate(url, 'latest');
    await addForeignKeys();
    onProgress('statistics');
    await finish(owner);
    await recommendToDemoMembers(url);
  } finally {
    await owner.end();
    await server.stop();
  }
  syncFolder(folder);
}

async function copyAll(owner: pg.Client, scale: Scale, onProgress: (line: string) => void): Promise<void> {
  const size = SCALES[scale];
  const copy = <Row extends object>(table: string, total: number, rows: Iterable<Row>) =>
    copyRows(owner, table, rows, (done) =>
      onProgress(`${table} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`),
    );
  await owner.query('BEGIN');
  await owner.query(`TRUNCATE ${TABLES.join(', ')}`); // of this transaction, so that nobody else could have seen a row
  await copy('users', size.users, users(scale));
  await copy('follows', size.follows, follows(scale));
  await copy('posts', size.posts, posts(scale));
  await owner.query('COMMIT');
}

/** @returns What adds them again, which checks every row. */
async function dropForeignKeys(owner: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  );
  for (const { table, name } of rows) await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  return async () => {
    for (const { table, name, definition } of rows)
      await owner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  };
}

/** Ids go on behind those of the data, the planner knows the tables, and the app may use them. */
async function finish(owner: pg.Client): Promise<void> {
  for (const table of ['users', 'posts'])
    await owner.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
  await owner.query(`VACUUM (ANALYZE) ${TABLES.join(', ')}`);
  await letAppUseRows(owner);
  await owner.query('INSERT INTO admins (user_id) VALUES ($1)', [ADMIN]);
}

/** The members whom a demo or a bench logs in. */
async function recommendToDemoMembers(url: string): Promise<void> {
  const db = openPostgres(url, { logger: createLogger({ LOG_LEVEL: 'silent', BOX: 'loader' }), pool: 1 });
  const recommend = sqlRecommend(db);
  for (let id = 1; id <= DEMO_MEMBERS; id++) await runInBackground(db.transactor, () => recommend(String(id)));
  await db.run({ sql: 'ANALYZE recommendations', values: [] });
  await db.close();
}

if (import.meta.main) {
  const { DATA_DIR, SCALE, DB_OWNER_PASSWORD, DB_APP_PASSWORD } = process.env;
  const passwords = { owner: DB_OWNER_PASSWORD as string, app: DB_APP_PASSWORD as string };
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    await loadData(join(DATA_DIR as string, 'postgres'), SCALE as Scale, passwords, say);
  } catch (error) {
    say((error as Error).message); // such as a full disk: a stack would say no more, and hide it
    process.exitCode = 1;
  }
}
