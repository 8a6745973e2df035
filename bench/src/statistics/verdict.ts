import type { Comparison, Verdict } from '../result.ts';

/** What a claim sets out to reach, before anyone knows whether it did. */
export type GoalBound = Pick<NonNullable<Comparison['goal']>, 'op' | 'value'>;

/** No effect below 3 % is claimed, however quiet the machine seems: two builds of the same code differ by as much. */
const LEAST_FLOOR = 1.03;

/**
 * The factor below which a difference is not told from noise: the bound of the A/A interval that is farther from 1, at least 1.03.
 * @returns At least 1.03; applies to both directions (a floor of 1.1 hides 0.92).
 */
export function noiseFloor(aa?: { lo: number; hi: number }): number {
  return aa ? Math.max(LEAST_FLOOR, aa.hi, 1 / aa.hi, aa.lo, 1 / aa.lo) : LEAST_FLOOR;
}

/**
 * Whether the whole interval reaches the goal; a count has `lo` = `hi`. `=` asks for that very number.
 */
export function meetsGoal(goal: GoalBound, { lo, hi }: { lo: number; hi: number }): boolean {
  if (goal.op === '>=') return lo >= goal.value;
  if (goal.op === '<=') return hi <= goal.value;
  return lo === goal.value && hi === goal.value;
}

/**
 * What may be said of a ratio before ÷ after. `equivalent` is said only where the goal asked for it (`<=`) and the
 * interval lies between 1 ÷ value and value; absence of a difference alone is `no-difference`.
 */
export function verdictOf(
  { estimate, lo, hi }: { estimate: number; lo: number; hi: number },
  floor: number,
  goal?: GoalBound,
): Verdict {
  if (![estimate, lo, hi, floor].every((value) => Number.isFinite(value) && value > 0)) return 'void';
  if (goal?.op === '<=' && hi <= goal.value && lo >= 1 / goal.value) return 'equivalent';
  if (lo > 1 && estimate > floor) return 'faster';
  if (hi < 1 && estimate < 1 / floor) return 'slower';
  return 'no-difference';
}
