import type { ResultBody } from '../result.ts';
import { bookProblems } from './accounting.ts';
import { LARGEST_SHARE } from './generator-ceiling.ts';
import type { LoadRecord } from './judge-load.ts';
import type { ArmName } from './k6-arms.ts';

/** Above this share of one core an app that runs on one thread queues, and its latency tells of the queue (MEASURING rule 3). */
const LARGEST_USE = 0.5;

/** @returns What makes a load's figures worth nothing, each in a few words. */
export function loadProblems(
  record: LoadRecord,
  books: ResultBody['accounting'],
  generator: { rate: number; ceiling: number },
): string[] {
  const problems = [...bookProblems(books), ...ceilingProblems({ name: 'k6', ...generator })];
  for (const arm of ['before', 'after'] as const) {
    const use = coreShare(record, arm);
    if (!(use <= LARGEST_USE)) {
      problems.push(
        `the ${arm} arm was busy for ${percent(use)} of the time; above 50 % the queue is measured, not the work`,
      );
    }
  }
  return problems;
}

/** @returns What is wrong where a generator was asked for more than 70 % of what it can send. */
export function ceilingProblems({ name, rate, ceiling }: { name: string; rate: number; ceiling: number }): string[] {
  const share = rate / ceiling;
  if (share <= LARGEST_SHARE) return [];
  return [`${name} was asked for ${percent(share)} of what it can send here (${ceiling}/s); 70 % is the most`];
}

/** Share of one core that an arm's box used over all blocks. */
export function coreShare({ times, usage }: LoadRecord, arm: ArmName): number {
  const length = times.seconds * times.count * 1e6;
  return usage[arm].cpuBetween(times.start, times.start + length) / length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
