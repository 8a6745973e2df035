import {
  type BlockComparison,
  comparisonOf,
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
} from '@day90/bench';
import { data } from '../src/data.ts';
import { type QueryPlans, queryPlans, type Statement } from '../src/explain.ts';

/** An author's newest posts, as many as the app reads for a page, in the one form whose cost can be told beforehand. */
const PAGE: Statement = {
  name: 'page-of-an-author',
  sql: 'SELECT id, title, created_at FROM posts WHERE author_id = $1 ORDER BY created_at DESC, id DESC LIMIT 21',
};
/** The same condition alone: every row that fits is fetched, whatever a page shows of them. */
const ALL: Statement = {
  name: 'all-of-an-author',
  sql: 'SELECT id, title, created_at FROM posts WHERE author_id = $1',
};

const GOAL = 2_000;
/** What Postgres counts costs in. */
const UNIT = 'page reads';

/** Asks Postgres what it thinks its plans cost: nothing is run and nothing timed. */
export const planCost: MeasuredClaim = {
  kind: 'measured',
  id: 'plan-cost',
  title: "The plans tell it beforehand, in figures: an author's page costs what it shows, and not what the table holds",
  proves: ['C3'],
  scale: 'full',
  seconds: 10,
  measure,
};

async function measure({ scale, judged, template, progress }: MeasureContext): Promise<Measurement> {
  await template(data, scale);
  await progress(0.1);
  const plans = await queryPlans(scale, [PAGE, ALL]);
  const page = plans.find(({ name }) => name === PAGE.name) as QueryPlans;
  const others = plans.filter(({ name, before, after }) => name !== PAGE.name && before.cost !== after.cost);
  const comparison = costs(page);
  const goal = { op: '>=' as const, value: GOAL, met: comparison.estimate >= GOAL };
  return {
    metric: "cost of the plan for an author's page",
    unit: UNIT,
    comparison: { ...comparison, ...(judged && { goal }) },
    arms: [
      { name: 'before', label: 'tables alone' },
      { name: 'after', label: 'with indexes' },
    ],
    also: others.map((plan) => comparisonOf(`cost of the plan of ${plan.name}`, UNIT, costs(plan))),
    blocks: [],
    blockSeconds: 0,
    notes: [
      'Total cost as EXPLAIN (GENERIC_PLAN, FORMAT JSON) gives it, over the seeded data with its statistics. One unit is one page read in sequence, with random_page_cost = 1.1; at its default of 4 an index costs more.',
      `${page.name}: ${page.sql}. Before: ${oneLine(page.before.steps)}. After: ${oneLine(page.after.steps)}.`,
      `Every plan of the app that the indexes change is listed, and ${ALL.name}: ${ALL.sql}.`,
      'The limit of the app is a parameter, and Postgres takes that for a tenth of the rows: posts-by-author looks cheaper with the index than it is, and recent-posts dearer.',
      ...others.map(({ name, before, after }) => `${name}: ${oneLine(before.steps)} → ${oneLine(after.steps)}.`),
    ],
  };
}

function costs({ before, after }: QueryPlans): BlockComparison {
  return exactComparison(before.cost, after.cost);
}

/** `Limit (cost 24.2, rows 21) < Index Scan …`, the outermost step first. */
function oneLine(steps: string[]): string {
  return steps.map((step) => step.trim()).join(' < ');
}
