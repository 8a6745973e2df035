import type { ResultBody } from '../result.ts';
import { bookProblems } from './accounting.ts';
import { LARGEST_SHARE } from './generator-ceiling.ts';
import type { LoadRecord } from './judge-load.ts';
import type { ArmName } from './k6-arms.ts';

/**
 * Above this share of its budget, or of the one core that an app on one thread can use, a box queues, and its latency tells
 * of the queue (MEASURING rule 3).
 */
const LARGEST_USE = 0.5;

/** Of a box stopped more often than this, the latency tells of the scheduler's periods. */
const LARGEST_THROTTLED = 0.05;

/** @returns What makes a load's figures worth nothing, each in a few words. */
export function loadProblems(
  record: LoadRecord,
  books: ResultBody['accounting'],
  generator: { rate: number; ceiling: number },
): string[] {
  const problems = [...bookProblems(books), ...ceilingProblems({ name: 'k6', ...generator })];
  for (const arm of ['before', 'after'] as const) {
    problems.push(...boxProblems(record, arm));
  }
  return problems;
}

function boxProblems({ times, usage }: LoadRecord, arm: ArmName): string[] {
  return usage[arm].between(times.start, times.start + length(times)).flatMap(({ name, cpuShare, used, throttled }) => {
    const use = used / (cpuShare ?? 1);
    const [of, problems] = [`${name} of the ${arm} arm`, [] as string[]];
    if (!(use <= LARGEST_USE)) {
      const what = cpuShare === undefined ? 'the time' : 'its budget';
      problems.push(`${of} was busy for ${percent(use)} of ${what}; above 50 % the queue is measured, not the work`);
    }
    if (throttled >= LARGEST_THROTTLED) {
      problems.push(`${of} was stopped at its limit in ${percent(throttled)} of the periods; 5 % is too much`);
    }
    return problems;
  });
}

/** @returns What is wrong where a generator was asked for more than 70 % of what it can send. */
export function ceilingProblems({ name, rate, ceiling }: { name: string; rate: number; ceiling: number }): string[] {
  const share = rate / ceiling;
  if (share <= LARGEST_SHARE) return [];
  return [`${name} was asked for ${percent(share)} of what it can send here (${ceiling}/s); 70 % is the most`];
}

/** Share of one core that an arm's boxes used together over all blocks. */
export function coreShare({ times, usage }: LoadRecord, arm: ArmName): number {
  return usage[arm].cpuBetween(times.start, times.start + length(times)) / length(times);
}

/** Of all blocks, in microseconds. */
function length({ seconds, count }: LoadRecord['times']): number {
  return seconds * count * 1e6;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
