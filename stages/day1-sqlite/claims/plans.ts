import { exactComparison, type MeasureContext, type MeasuredClaim, type Measurement } from '@day90/bench';
import { type QueryPlans, queryPlans, scansOf } from '../src/explain.ts';

/** Counts the steps of the plans of all the app's statements: nothing is timed. */
export const plans: MeasuredClaim = {
  kind: 'measured',
  id: 'plans',
  title: 'The plans tell it beforehand: with the indexes the queries search where they scanned',
  proves: ['C3'],
  scale: 'small',
  seconds: 5,
  measure,
};

async function measure({ progress }: MeasureContext): Promise<Measurement> {
  await progress(0);
  const statements = await queryPlans();
  const scans = count(statements, scansOf);
  return {
    metric: 'steps that read a table from end to end',
    unit: 'count',
    comparison: exactComparison(scans.before, scans.after),
    arms: [
      { name: 'before', label: 'without indexes' },
      { name: 'after', label: 'with indexes' },
    ],
    counts: [
      {
        name: 'steps that scan',
        ...scans,
        goal: { op: '=', value: EXPECTED_SCANS, met: scans.after === EXPECTED_SCANS },
      },
      {
        name: 'steps that search by an index or a key',
        ...count(statements, (steps) => steps.filter((step) => step.startsWith('SEARCH'))),
      },
      {
        name: 'sorts of rows that no index has in order',
        ...count(statements, (steps) => steps.filter((step) => step.includes('TEMP B-TREE'))),
      },
    ],
    blocks: [],
    blockSeconds: 0,
    notes: [
      `EXPLAIN QUERY PLAN of the app's ${statements.length} prepared statements, on the tables alone and with the indexes.`,
      `Still a scan: ${still(statements)}.`,
    ],
  };
}

/** The popular list sorts all posts by views. An index on them would make every view a write to it. */
const EXPECTED_SCANS = 1;

/** How many steps `pick` leaves of all plans, before and after. */
function count(plans: QueryPlans[], pick: (steps: string[]) => string[]): { before: number; after: number } {
  const total = (side: 'before' | 'after') => plans.flatMap((plan) => pick(plan[side])).length;
  return { before: total('before'), after: total('after') };
}

function still(plans: QueryPlans[]): string {
  const names = plans.filter(({ after }) => scansOf(after).length > 0).map(({ name }) => name);
  return names.join(', ') || 'none';
}
