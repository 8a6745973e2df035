import { createLogger } from '@day90/core';
import { runProgram, type Scale } from '@day90/infra';
import { Command } from 'commander';
import pc from 'picocolors';
import { type SqlDatabase, sqlPosts, sqlRecommend, sqlUsers } from 'stage-1';
import { openPostgres } from './postgres.ts';
import { copyDatabase } from './postgres-copy.ts';
import { migrate } from './postgres-migrate.ts';
import { databaseUrl, startPostgres } from './postgres-server.ts';

/** A statement with placeholders `$1`, `$2` … */
export interface Statement {
  name: string;
  sql: string;
}

/** How Postgres would answer a query, and what it thinks that costs, in units of one page read in sequence. */
export interface Plan {
  cost: number;
  /** Outermost first, indented. */
  steps: string[];
}

/** A query's plans on the tables alone, and with the indexes. */
export interface QueryPlans {
  name: string;
  sql: string;
  before: Plan;
  after: Plan;
}

/**
 * Asks Postgres for the plans of the hot statements for posts and users, over a copy of the seeded data and with its statistics.
 * @param more - Further statements to ask about.
 * @see https://www.postgresql.org/docs/18/using-explain.html
 */
export async function queryPlans(scale: Scale, more: Statement[] = []): Promise<QueryPlans[]> {
  const copy = await copyDatabase(scale);
  const server = await startPostgres(copy.folder, copy.passwords, { guardian: copy.guardian });
  const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'explain' });
  const owner = databaseUrl('owner', copy.passwords, server.port);
  const db = openPostgres(databaseUrl('app', copy.passwords, server.port), { logger, pool: 1 });
  try {
    const statements = [...hotStatements(db), ...more];
    const after = await plansOf(db, statements);
    await migrate(owner, 'tables');
    const before = await plansOf(db, statements);
    return statements.map(({ name, sql }, i) => ({ name, sql, before: before[i] as Plan, after: after[i] as Plan }));
  } finally {
    await db.close();
    await server.stop();
    await copy.remove();
  }
}

/** The steps that read a table from end to end. */
export function scansOf({ steps }: Plan): string[] {
  return steps.filter((step) => /^\s*Seq Scan/.test(step));
}

function hotStatements(db: SqlDatabase): Statement[] {
  sqlPosts(db);
  sqlUsers(db);
  sqlRecommend(db);
  return [...db.statements].map(([name, sql]) => ({ name, sql }));
}

async function plansOf(db: SqlDatabase, statements: Statement[]): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const { sql } of statements) {
    const question = { sql: `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`, values: [] }; // the plan that the app has, too
    const [row] = await db.run<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(question);
    const root = row?.['QUERY PLAN'][0].Plan as PlanNode;
    plans.push({ cost: root['Total Cost'], steps: stepsOf(root) });
  }
  return plans;
}

/** A step as EXPLAIN gives it, with those of its parts that are shown. */
interface PlanNode {
  'Node Type': string;
  'Total Cost': number;
  'Plan Rows': number;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

function stepsOf(node: PlanNode, depth = 0): string[] {
  const index = node['Index Name'] ? ` using ${node['Index Name']}` : '';
  const table = node['Relation Name'] ? ` on ${node['Relation Name']}` : '';
  const step = `${'  '.repeat(depth)}${node['Node Type']}${index}${table} (cost ${node['Total Cost']}, rows ${node['Plan Rows']})`;
  return [step, ...(node.Plans ?? []).flatMap((child) => stepsOf(child, depth + 1))];
}

function print(plans: QueryPlans[]): void {
  for (const { name, sql, before, after } of plans) {
    console.log(`\n${pc.bold(name)}\n  ${pc.dim(sql)}`);
    if (before.steps.join() === after.steps.join()) printSteps('same', after);
    else {
      printSteps('before', before);
      printSteps('after', after);
      console.log(`  cost ${before.cost} → ${after.cost}: ${(before.cost / after.cost).toFixed(0)}×`);
    }
  }
  console.log(`
Costs count in reads of one page in sequence. A limit that is a parameter is taken for a tenth of the rows. A Seq Scan
reads every row: the one left after the indexes is popular-posts, since an index on views would be written by every view.
Stage 2 keeps that page in a cache.`);
}

function printSteps(label: string, plan: Plan): void {
  const scans = new Set(scansOf(plan));
  for (const step of plan.steps) {
    const colour = scans.has(step) ? pc.red : step.includes('Index') ? pc.green : pc.dim;
    console.log(`  ${label.padEnd(7)} ${colour(step)}`);
  }
}

if (import.meta.main)
  await runProgram(
    new Command('explain')
      .description('shows by which steps Postgres answers each query, without and with the indexes')
      .addHelpText('after', '\nExample:\n  pnpm --filter stage-3 explain')
      .action(async () => print(await queryPlans('medium'))),
  );
