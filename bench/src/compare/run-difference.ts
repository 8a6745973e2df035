import type { Result } from '../result.ts';
import { studentQuantile } from '../statistics/student.ts';
import { noiseFloor } from '../statistics.ts';

/** How one run's ratio differs from another run's. */
export interface RunDifference {
  /** The second run's ratio ÷ the first one's, with its 95 % interval. */
  estimate: number;
  lo: number;
  hi: number;
  /** No difference inside of this factor is called one. */
  floor: number;
  verdict: 'higher' | 'lower' | 'no-difference' | 'void';
}

/**
 * Two runs are hours apart, on a machine that has neighbours: beside what the blocks of one run show, their ratios differ by what
 * no block of either can know of. Of the results in this repository that were taken twice, the largest differed by 1.12.
 */
const BETWEEN_RUNS = 1.15;

/**
 * Compares the ratios of one claim in two runs: by the difference of their logarithms, its variance the sum of both, its degrees of
 * freedom after Welch and Satterthwaite. A count is exact: any difference is one.
 * @see https://doi.org/10.1093/biomet/34.1-2.28 — Welch 1947
 */
export function compareRuns(first: Result, second: Result): RunDifference {
  if (first.verdict === 'void' || second.verdict === 'void')
    return { estimate: 1, lo: 1, hi: 1, floor: noiseFloor(), verdict: 'void' };
  const [a, b] = [spread(first), spread(second)];
  const difference = Math.log(second.estimate) - Math.log(first.estimate);
  const variance = a.error ** 2 + b.error ** 2;
  const isExact = variance === 0;
  const half = isExact ? 0 : studentQuantile(0.975, freedom(a, b)) * Math.sqrt(variance);
  const [lo, hi] = [Math.exp(difference - half), Math.exp(difference + half)];
  const estimate = Math.exp(difference);
  const floor = isExact ? 1 : Math.max(BETWEEN_RUNS, first.floor, second.floor);
  return { estimate, lo, hi, floor, verdict: verdictOf({ estimate, lo, hi }, floor) };
}

function verdictOf({ estimate, lo, hi }: { estimate: number; lo: number; hi: number }, floor: number) {
  if (lo > 1 && estimate > floor) return 'higher';
  if (hi < 1 && estimate < 1 / floor) return 'lower';
  return 'no-difference';
}

interface Spread {
  /** Standard error of the ratio's logarithm. */
  error: number;
  df: number;
}

/** From the interval and the blocks behind it. A result does not tell its own degrees of freedom, which are one less at most. */
function spread({ lo, hi, blocks }: Result): Spread {
  const df = Math.max(1, blocks.filter(({ dropped }) => !dropped).length - 1);
  return { error: (Math.log(hi) - Math.log(lo)) / 2 / studentQuantile(0.975, df), df };
}

function freedom(a: Spread, b: Spread): number {
  return (a.error ** 2 + b.error ** 2) ** 2 / (a.error ** 4 / a.df + b.error ** 4 / b.df);
}
