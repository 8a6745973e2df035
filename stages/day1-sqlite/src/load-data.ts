import { join } from 'node:path';
import { runInBackground } from '@day90/core';
import { DEMO_MEMBERS, follows, posts, SCALES, type Scale, users } from '@day90/testing/data';
import Database from 'better-sqlite3';
import { migrate } from './migrations/index.ts';
import { sqlRecommend } from './sql-recommend.ts';
import { openSqlite } from './sqlite.ts';

const ROWS_A_TRANSACTION = 20_000;
const CACHE_KIB = 131_072;

/**
 * Writes the seeded data into a new SQLite file: the tables first, then the rows, then the indexes, since an index is built
 * from sorted rows far faster than kept up to date with each.
 */
export async function loadData(path: string, scale: Scale, onProgress: (line: string) => void): Promise<void> {
  await migrate(path, 'tables');
  const db = new Database(path);
  // Safe here alone: a load that is cut off is thrown away whole.
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  const size = SCALES[scale];
  insertAll(db, 'users', size.users, users(scale), onProgress);
  insertAll(db, 'follows', size.follows, follows(scale), onProgress);
  insertAll(db, 'posts', size.posts, posts(scale), onProgress);
  db.close();
  onProgress('indexes');
  await migrate(path, 'latest');
  await finish(path);
}

/** Finds recommendations for those members that a demo or a bench logs in, and gathers statistics for the planner. */
async function finish(path: string): Promise<void> {
  const db = await openSqlite(path);
  const recommend = sqlRecommend(db);
  for (let id = 1; id <= DEMO_MEMBERS; id++) await runInBackground(db.transactor, () => recommend(String(id)));
  await db.run({ sql: 'ANALYZE', values: [] });
  await db.close();
}

function insertAll<Row extends object>(
  db: Database.Database,
  table: string,
  total: number,
  rows: Iterable<Row>,
  onProgress: (line: string) => void,
): void {
  let insert: Database.Statement | undefined;
  let done = 0;
  db.exec('BEGIN');
  for (const row of rows) {
    insert ??= insertInto(db, table, Object.keys(row));
    insert.run(row);
    done += 1;
    if (done % ROWS_A_TRANSACTION === 0) {
      db.exec('COMMIT; BEGIN');
      onProgress(`${table} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
    }
  }
  db.exec('COMMIT');
}

/** The generator's names are the columns' in camel case. */
function insertInto(db: Database.Database, table: string, names: string[]): Database.Statement {
  const columns = names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
  );
}

if (import.meta.main) {
  const { DATA_DIR, SCALE } = process.env;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    await loadData(join(DATA_DIR as string, 'day90.sqlite'), SCALE as Scale, say);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    say(code === undefined ? message : `${message} (${code})`); // such as a full disk: a stack would say no more, and hide it
    process.exitCode = 1;
  }
}
