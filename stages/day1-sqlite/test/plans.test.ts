import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { queryPlans, scansOf } from '../src/explain.ts';
import { loadData } from '../src/load-data.ts';
import { migrate } from '../src/migrations/index.ts';
import { sqlPosts } from '../src/sql-posts.ts';
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
    const raw = new Database(path);
    // What ANALYZE gathers on the full data: with it SQLite once chose to sort every post of every member for one page.
    raw.exec(`DELETE FROM sqlite_stat1 WHERE tbl IN ('posts', 'users');
      INSERT INTO sqlite_stat1 VALUES ('posts', 'posts_by_author', '1000000 17 1 1'),
        ('posts', 'posts_by_time', '1000000 2 1'), ('users', 'users_by_email', '100000 1')`);
    raw.close();
    const db = await openSqlite(path);
    sqlPosts(db);
    for (const name of ['recent-posts', 'posts-by-author']) {
      const sql = db.statements.get(name) as string;
      const steps = await db.run<{ detail: string }>({
        sql: `EXPLAIN QUERY PLAN ${sql}`,
        values: Array(sql.split('?').length - 1).fill(1),
      });
      expect(scansOf(steps.map(({ detail }) => detail))).toEqual([]);
    }
    await db.close();
    await folder.remove();
  });
});

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
});
