import type { Comparison, Result } from '../result.ts';
import {
  formatCount,
  formatEstimate,
  formatGoal,
  formatMeasured,
  formatValue,
  formatValueGoal,
  formatVerdict,
} from './format.ts';

/** A row of the table, before it is laid out. */
export interface Cells {
  metric: string;
  before: string;
  after: string;
  ratio: string;
  goal: string;
  paint: Paint;
}

/** One of the words that carry a meaning by colour, too. */
type Paint = 'green' | 'red' | 'yellow' | 'dim';

/** A claim's rows: its metric, the further ones, its counts, its quantities. A void run has met no goal, and missed none. */
export function rowsOf(result: Result): Cells[] {
  const open = result.verdict === 'void';
  const counts = result.counts.map(({ name, before, after, goal }): Cells => {
    const ratio = before === after ? 'the same' : `${formatCount(before)} → ${formatCount(after)}`;
    const cells = { metric: name, before: formatCount(before), after: formatCount(after), ratio };
    return { ...cells, goal: goalCell(goal, 'count', open), paint: goalPaint(goal, open) };
  });
  const values = (result.values ?? []).map((row) => valueRow(row, open));
  return [comparisonRow(result), ...result.also.map(comparisonRow), ...counts, ...values];
}

function valueRow(row: NonNullable<Result['values']>[number], open: boolean): Cells {
  const { name, goal, unit } = row;
  const cells = { metric: name, before: '', after: formatValue(row.value, unit), ratio: '', goal: '' };
  if (row.lo !== row.hi) cells.ratio = formatMeasured(row).replace(/^[^[]*/, '');
  if (goal) cells.goal = `${formatValueGoal(goal, unit)} ${goalWord(goal, open)}`;
  return { ...cells, paint: goalPaint(goal, open) };
}

function comparisonRow(row: Comparison): Cells {
  const { metric, unit, verdict } = row;
  if (verdict === 'void') {
    return { metric, before: '–', after: '–', ratio: 'void', goal: goalCell(row.goal, 'ratio', true), paint: 'yellow' };
  }
  return {
    metric,
    before: formatValue(row.before, unit),
    after: formatValue(row.after, unit),
    ratio:
      verdict === 'no-difference'
        ? `no difference ${formatEstimate(row)}`
        : `${formatVerdict(verdict)} ${formatEstimate(row)}`,
    goal: goalCell(row.goal, 'ratio'),
    paint: paintOf(row),
  };
}

function goalCell(goal: Comparison['goal'], of: 'ratio' | 'count', open = false): string {
  if (!goal) return '';
  return `${formatGoal(goal, of)} ${goalWord(goal, open)}`;
}

function goalWord({ met }: { met: boolean }, open: boolean): string {
  return open ? 'open' : met ? 'met' : 'missed';
}

function goalPaint(goal: { met: boolean } | undefined, open: boolean): Paint {
  if (!goal) return 'dim';
  return open ? 'yellow' : goal.met ? 'green' : 'red';
}

function paintOf({ verdict, goal }: Comparison): Paint {
  if (goal) return goal.met ? 'green' : 'red';
  if (verdict === 'faster') return 'green';
  return verdict === 'slower' ? 'red' : 'dim';
}
