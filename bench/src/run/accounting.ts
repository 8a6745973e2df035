import type { Accounting } from '../result.ts';
import type { Samples } from './k6-samples.ts';

/** What became of every arrival of a run, warm-up included: `offered` also counts those that k6 could not send in time. */
export function accountingOf({ counters }: Samples): Accounting {
  const count = (name: string) => counters[name] ?? 0;
  return {
    offered: count('offered') + count('dropped_iterations'),
    answered: count('answered'),
    refused: count('refused'),
    timedOut: count('timed_out'),
    dropped: count('dropped_iterations'),
  };
}

/** @returns What is wrong with the books, each in a few words; nothing when the latencies may be believed. */
export function bookProblems(books: Accounting): string[] {
  const { offered, answered, refused, timedOut, dropped } = books;
  const lost = offered - answered - refused - timedOut - dropped;
  const problems: string[] = [];
  if (answered === 0) problems.push('nothing was answered');
  if (dropped > 0) problems.push(`k6 could not send ${dropped} of ${offered} arrivals in time`);
  if (refused > 0) problems.push(`${refused} of ${offered} answers were refusals or not what was asked for`);
  if (timedOut > 0) problems.push(`${timedOut} of ${offered} requests got no answer in 10 s`);
  if (lost !== 0) problems.push(`${lost} of ${offered} arrivals are not accounted for`);
  return problems;
}
