import type { Value } from './result.ts';
import { seriesInterval } from './statistics/interval.ts';
import { type GoalBound, mean, meetsGoal } from './statistics.ts';

/**
 * A quantity that is no ratio: its mean over blocks with the 95 % interval, or a single number, which is exact. A goal holds
 * when the whole interval reaches it.
 * @param values - One for each block, in the order of time, or one number.
 */
export function measuredValue(name: string, unit: string, values: number | readonly number[], goal?: GoalBound): Value {
  const row = typeof values === 'number' ? { value: values } : overBlocks(values);
  const { value, lo = value, hi = value } = row as { value: number; lo?: number; hi?: number };
  return { name, unit, ...row, ...(goal && { goal: { ...goal, met: meetsGoal(goal, { lo, hi }) } }) };
}

function overBlocks(values: readonly number[]) {
  const { lo, hi } = seriesInterval(values);
  return { value: mean(values), lo, hi };
}
