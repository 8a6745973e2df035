import { formatEstimate, formatMeasured, formatNumber } from '../report/format.ts';
import type { Result } from '../result.ts';
import type { Predict } from './exercises.ts';

/** A measured number, its 95 % interval where it has one, and how it is written. */
export interface Measured {
  value: number;
  lo: number;
  hi: number;
  text: string;
}

/** Within these factors of the interval a guess is worth so many points. */
const WORTH: [factor: number, points: number, words: string][] = [
  [1.05, 3, 'that is it'],
  [1.5, 2, 'close'],
  [3, 1, 'the right size'],
];

/** The most that one guess is worth. */
export const MOST_POINTS = 3;

/** @throws {Error} When the result has no such quantity. */
export function measuredIn(result: Result, { value: name }: Pick<Predict, 'value'>): Measured {
  if (name === undefined) {
    const { estimate, lo, hi } = result;
    return { value: estimate, lo, hi, text: formatEstimate(result) };
  }
  const row = (result.values ?? []).find((one) => one.name === name);
  if (!row) throw new Error(`${result.stage}.${result.claim} has no quantity "${name}"`);
  const { value, lo = value, hi = value } = row;
  return { value, lo, hi, text: formatMeasured(row) };
}

/**
 * What a guess is worth: by its ratio to the nearer end of the interval, since 2 for 4 is as wrong as 8 for 4.
 * @param guess - Above 0.
 */
export function scored(guess: number, { lo, hi }: Measured): { points: number; words: string } {
  const factor = Math.max(1, lo / guess, guess / hi);
  const worth = WORTH.find(([most]) => factor <= most);
  if (worth) return { points: worth[1], words: worth[2] };
  return { points: 0, words: `off by a factor of ${formatNumber(Number(factor.toPrecision(2)))}` };
}
