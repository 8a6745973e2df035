import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { loadData } from './load-data.ts';
import { migrate } from './migrations/index.ts';
import type { SqlDatabase } from './sql-database.ts';
import { sqlPosts } from './sql-posts.ts';
import { sqlRecommend } from './sql-recommend.ts';
import { sqlUsers } from './sql-users.ts';
import { connect, openSqlite } from './sqlite.ts';

/** The steps by which SQLite would answer a query, on the tables alone and with the indexes. */
export interface QueryPlans {
  name: string;
  sql: string;
  before: string[];
  after: string[];
}

/**
 * Asks SQLite for the plans of every hot statement of the app, over the `small` data and with its statistics.
 * @see https://www.sqlite.org/eqp.html
 */
export async function queryPlans(): Promise<QueryPlans[]> {
  const folder = await mkdtemp(join(tmpdir(), 'day90-explain-'));
  const path = join(folder, 'day90.sqlite');
  try {
    await loadData(path, 'small', () => {});
    const db = await openSqlite(path);
    sqlPosts(db);
    sqlUsers(db);
    sqlRecommend(db);
    const { statements } = db as SqlDatabase;
    await db.close();
    const after = plansOf(path, statements);
    await migrate(path, 'tables');
    const before = plansOf(path, statements);
    return [...statements].map(([name, sql]) => ({ name, sql, before: before(name), after: after(name) }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Tells whether a step of a plan reads a table (or an index) from end to end. */
export function isScan(step: string): boolean {
  return /^SCAN (?!CONSTANT)/.test(step);
}

function plansOf(path: string, statements: Map<string, string>): (name: string) => string[] {
  const db = connect(path, { readonly: true });
  const plans = new Map<string, string[]>();
  for (const [name, sql] of statements) {
    const parameters = Array<null>(sql.split('?').length - 1).fill(null);
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[];
    plans.set(
      name,
      steps.map(({ detail }) => detail),
    );
  }
  db.close();
  return (name) => plans.get(name) ?? [];
}

function print(plans: QueryPlans[]): void {
  const mark = (step: string) =>
    isScan(step) ? pc.red(step) : step.startsWith('SEARCH') ? pc.green(step) : pc.dim(step);
  for (const { name, sql, before, after } of plans) {
    console.log(`\n${pc.bold(name)}\n  ${pc.dim(sql)}`);
    for (const step of before) console.log(`  before  ${mark(step)}`);
    for (const step of after) console.log(`  after   ${mark(step)}`);
  }
  const scans = (side: 'before' | 'after') => plans.flatMap((plan) => plan[side]).filter(isScan).length;
  console.log(
    `\nSCAN reads every row, SEARCH enters an index. Scans: ${scans('before')} before, ${scans('after')} after.`,
  );
  console.log(
    'popular-posts still scans: an index on views would be written by every view. Stage 2 caches that page instead.',
  );
}

if (import.meta.main) print(await queryPlans());
