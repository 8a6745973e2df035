import type { Arm, Result } from '../result.ts';

/** Colours of the arms that are neither before nor after, as variables of the page's style. */
const OTHERS = ['var(--arm-1)', 'var(--arm-2)', 'var(--arm-3)', 'var(--arm-4)'];

/** An arm's colour, the same in every chart of its claim. */
export function armColor(arm: Arm, result: Result): string {
  if (arm.name === 'before') return 'var(--before)';
  if (arm.name === 'after') return 'var(--after)';
  const others = result.arms.filter(({ name }) => name !== 'before' && name !== 'after');
  return OTHERS[others.indexOf(arm) % OTHERS.length] ?? 'var(--arm-1)';
}
