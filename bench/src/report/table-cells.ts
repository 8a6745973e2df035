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

/** A claim's rows: its metric, the further ones, its counts, its quantities. */
export function rowsOf(result: Result): Cells[] {
  const counts = result.counts.map(({ name, before, after, goal }): Cells => {
    const ratio = before === after ? 'the same' : `${formatCount(before)} → ${formatCount(after)}`;
    const cells = { metric: name, before: formatCount(before), after: formatCount(after), ratio };
    return { ...cells, goal: goalCell(goal, 'count'), paint: goal ? (goal.met ? 'green' : 'red') : 'dim' };
  });
  return [comparisonRow(result), ...result.also.map(comparisonRow), ...counts, ...(result.values ?? []).map(valueRow)];
}

function valueRow(row: NonNullable<Result['values']>[number]): Cells {
  const { name, goal, unit } = row;
  const cells = { metric: name, before: '', after: formatValue(row.value, unit), ratio: '', goal: '' };
  if (row.lo !== row.hi) cells.ratio = formatMeasured(row).replace(/^[^[]*/, '');
  if (!goal) return { ...cells, paint: 'dim' };
  return {
    ...cells,
    goal: `${formatValueGoal(goal, unit)} ${goal.met ? 'met' : 'missed'}`,
    paint: goal.met ? 'green' : 'red',
  };
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
  return `${formatGoal(goal, of)} ${open ? 'open' : goal.met ? 'met' : 'missed'}`;
}

function paintOf({ verdict, goal }: Comparison): Paint {
  if (goal) return goal.met ? 'green' : 'red';
  if (verdict === 'faster') return 'green';
  return verdict === 'slower' ? 'red' : 'dim';
}
