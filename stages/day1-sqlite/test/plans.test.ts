import { join } from 'node:path';
import { createLogger } from '@day90/core';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { queryPlans, scansOf } from '../src/explain.ts';
import { loadData } from '../src/load-data.ts';
import { migrate } from '../src/migrations/index.ts';
import type { SqlQuery } from '../src/sql-database.ts';
import { sqlPosts } from '../src/sql-posts.ts';
import { sqlViews } from '../src/sql-views.ts';
import { openSqlite } from '../src/sqlite.ts';
import { testFolder } from './sqlite-rig.ts';

describe('plans of the hot statements', () => {
  it('search by an index, but for the popular list', async () => {
    const plans = await queryPlans();
    expect(plans.filter(({ after }) => scansOf(after).length > 0).map(({ name }) => name)).toEqual(['popular-posts']);
    expect(
      plans
        .filter(({ before }) => scansOf(before).length > 0)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['account-by-email', 'popular-posts', 'posts-by-author', 'recent-posts']);
  });

  it('stay the same when the tables have a hundred times as many rows', async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'large.sqlite');
    await loadData(path, 'small', () => {});
    pretendRows(path, 100);
    const db = await openSqlite(path);
    sqlPosts(db);
    // The values count: SQLite looks at them, and how many rows it thinks they leave, before it plans.
    const firstPage = [Number.MAX_SAFE_INTEGER, '1'];
    const plan = (name: string, values: unknown[]) =>
      db.run<{ detail: string }>({ sql: `EXPLAIN QUERY PLAN ${db.statements.get(name)}`, values });
    const recent = await plan('recent-posts', [...firstPage, 101]);
    const byAuthor = await plan('posts-by-author', [...firstPage, '17', 21]);
    const steps = [...recent, ...byAuthor].map(({ detail }) => detail);
    expect(steps.filter((step) => !step.startsWith('SEARCH'))).toEqual([]);
    expect(steps).toContain('SEARCH posts USING INDEX posts_by_time (created_at<?)');
    expect(steps).toContain('SEARCH posts USING INDEX posts_by_author (author_id=? AND created_at<?)');
    await db.close();
    await folder.remove();
  });
});

describe('the plan of a flush of views', () => {
  it('finds the posts by their keys, however many were viewed', async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'viewed.sqlite');
    await loadData(path, 'small', () => {});
    const db = await openSqlite(path);
    const flushed: SqlQuery[] = [];
    const run = <Row>(query: SqlQuery) => {
      flushed.push(query);
      return db.run<Row>(query);
    };
    const views = sqlViews({ ...db, run }, createLogger({ LOG_LEVEL: 'silent', BOX: 'test' }));
    for (let id = 1; id <= 1_000; id += 1) views.add(String(id));
    await views.close();
    const [{ sql, values } = { sql: '', values: [] }] = flushed;
    const steps = await db.run<{ detail: string }>({ sql: `EXPLAIN QUERY PLAN ${sql}`, values });
    const details = steps.map(({ detail }) => detail);
    expect(details).toContain('SEARCH posts USING INTEGER PRIMARY KEY (rowid=?)');
    expect(details).not.toContain('SCAN posts');
    await db.close();
    await folder.remove();
  });
});

/** Multiplies what ANALYZE has found, so that SQLite plans for a table that many times as large. */
function pretendRows(path: string, times: number): void {
  const db = new Database(path);
  const larger = (counts: string) => counts.replace(/\d+/g, (count) => String(Number(count) * times));
  const tables = db.prepare('SELECT rowid, stat FROM sqlite_stat1').all() as { rowid: number; stat: string }[];
  for (const { rowid, stat } of tables) {
    // The first number counts the rows; those after it, rows a key, stay.
    db.prepare('UPDATE sqlite_stat1 SET stat = ? WHERE rowid = ?').run(stat.replace(/^\d+/, larger), rowid);
  }
  const samples = db.prepare('SELECT rowid, nlt, ndlt FROM sqlite_stat4').all() as Record<
    'rowid' | 'nlt' | 'ndlt',
    string
  >[];
  for (const { rowid, nlt, ndlt } of samples) {
    db.prepare('UPDATE sqlite_stat4 SET nlt = ?, ndlt = ? WHERE rowid = ?').run(larger(nlt), larger(ndlt), rowid);
  }
  db.close();
}

describe('migrate', () => {
  it('goes to the bare tables and back, and keeps the rows', async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'test.sqlite');
    await loadData(path, 'small', () => {});
    const indexes = () => {
      const db = new Database(path, { readonly: true });
      const found = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1")
        .pluck()
        .all();
      const posts = db.prepare('SELECT count(*) FROM posts').pluck().get();
      db.close();
      return { found, posts };
    };
    const all = ['posts_by_author', 'posts_by_time', 'users_by_email'];
    expect(indexes().found).toEqual(expect.arrayContaining(all));
    await migrate(path, 'tables');
    expect(indexes().found).toEqual(expect.not.arrayContaining(all));
    await migrate(path, 'tables');
    await migrate(path, 'latest');
    expect(indexes().found).toEqual(expect.arrayContaining(all));
    expect(indexes().posts).toBe(10_000);
    await folder.remove();
  });

  it('goes on where a process was killed while it migrated', async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'test.sqlite');
    await migrate(path, 'tables');
    const db = new Database(path);
    db.exec('UPDATE knex_migrations_lock SET is_locked = 1');
    db.close();
    await migrate(path, 'latest');
    await folder.remove();
  });
});
