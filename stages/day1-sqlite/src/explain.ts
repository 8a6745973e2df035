import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@day90/infra';
import { Command } from 'commander';
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

/** The steps that read a table or an index from end to end; to go through what a subquery has found is none. */
export function scansOf(steps: string[]): string[] {
  return steps.filter((step) => {
    const [, name] = /^SCAN (\w+)/.exec(step) ?? [];
    return name !== undefined && !steps.includes(`CO-ROUTINE ${name}`);
  });
}

function plansOf(path: string, statements: SqlDatabase['statements']): (name: string) => string[] {
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
  for (const { name, sql, before, after } of plans) {
    console.log(`\n${pc.bold(name)}\n  ${pc.dim(sql)}`);
    if (before.join() === after.join()) printSteps('same', after);
    else {
      printSteps('before', before);
      printSteps('after', after);
    }
  }
  const count = (side: 'before' | 'after') => plans.flatMap((plan) => scansOf(plan[side])).length;
  console.log(`
SCAN reads every row, SEARCH enters an index. Full scans: ${count('before')} before the indexes, ${count('after')} after.
The one left is popular-posts: an index on views would be written by every view. Stage 2 keeps that page in a cache.`);
}

function printSteps(label: string, steps: string[]): void {
  const scans = new Set(scansOf(steps));
  for (const step of steps) {
    const colour = scans.has(step) ? pc.red : step.startsWith('SEARCH') ? pc.green : pc.dim;
    console.log(`  ${label.padEnd(7)} ${colour(step)}`);
  }
}

if (import.meta.main)
  await runProgram(
    new Command('explain')
      .description('shows by which steps SQLite answers each query, without and with the indexes')
      .addHelpText('after', '\nExample:\n  pnpm --filter stage-1 explain')
      .action(async () => print(await queryPlans())),
  );
