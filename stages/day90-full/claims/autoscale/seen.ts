import { SCALING_TOLERANCE } from '@day90/infra';
import type { Step, Visit } from './step-load.ts';
import type { Look } from './watch-boxes.ts';

/** What one instance and its visitors showed. */
export interface Seen {
  visits: readonly Visit[];
  looks: readonly Look[];
  /** At first, at several times that, and at first's again. */
  steps: readonly [Step, Step, Step];
}

/** What no visitor is to wait for, in milliseconds. */
export const MOST_MS = 500;
const LATE_SHARE = 0.05;
const SETTLED_MS = 10_000;

export function isGood({ status }: Visit): boolean {
  return status === 200 || status === 201;
}

/** Those that were due while the load was high. */
export function whileHigh(seen: Seen): Visit[] {
  const { from, to } = highOf(seen);
  return seen.visits.filter(({ at }) => at >= from && at < to);
}

interface Taken {
  enough?: number;
  calm: number;
  needed: number;
  surplus?: number;
}

/**
 * How an instance took the load, in seconds from when it grew. `needed` are the fewest boxes whose mean use is at most a tenth
 * above its target, which the policy leaves alone, see {@link SCALING_TOLERANCE}; having fewer, it rounds up without that tenth.
 * @param most - Boxes that there may be: no more are `needed`.
 * @returns `enough`: until so many boxes answered as were `needed`; missing where they were not while the load was high. `calm`:
 *   until the last second in which more than 5 of 100 requests failed or were late. `surplus`: boxes beyond those needed from then on.
 */
export function secondsUntil(seen: Seen, scaling: { cpu: number; budget: number }, most: number): Taken {
  const { from, to } = highOf(seen);
  const [first, last] = [seen.looks.find(({ at }) => at >= to - SETTLED_MS), seen.looks.findLast(({ at }) => at <= to)];
  if (!first || !last) throw new Error('the load was not watched');
  const used = (last.cpuMicros - first.cpuMicros) / (last.at - first.at) / 1000;
  const needed = Math.min(most, Math.ceil(used / (scaling.cpu * (1 + SCALING_TOLERANCE) * scaling.budget)));
  const there = firstAnswers(whileHigh(seen))[needed - 1];
  const kept = { calm: calmAfter(seen), needed };
  if (there === undefined || there > to) return kept;
  const after = seen.looks.filter(({ at }) => at >= there && at <= to);
  const surplus = after.reduce((sum, { count }) => sum + count - needed, 0) / Math.max(1, after.length);
  return { ...kept, enough: (there - from) / 1000, surplus };
}

/** When each box answered for the first time, in that order. */
function firstAnswers(visits: readonly Visit[]): number[] {
  const first = new Map<string, number>();
  for (const { box, end } of visits) if (box) first.set(box, Math.min(end, first.get(box) ?? end));
  return [...first.values()].sort((a, b) => a - b);
}

function calmAfter(seen: Seen): number {
  const { from } = highOf(seen);
  const seconds = Map.groupBy(whileHigh(seen), ({ at }) => Math.floor((at - from) / 1000));
  const isBad = (visit: Visit) => !isGood(visit) || visit.end - visit.at > MOST_MS;
  const bad = [...seconds].filter(([, visits]) => visits.filter(isBad).length > LATE_SHARE * visits.length);
  return Math.max(0, ...bad.map(([second]) => second + 1));
}

function highOf({ steps: [before, high] }: Seen): { from: number; to: number } {
  return { from: before.seconds * 1000, to: (before.seconds + high.seconds) * 1000 };
}
