import { type PairedBlock, quantile } from '../statistics.ts';
import type { Samples, Series } from './k6-samples.ts';

/** The measured time cut into equal blocks, on k6's clock. */
export interface BlockTimes {
  /** Start of the first block, in microseconds since 1970-01-01 UTC. */
  start: number;
  seconds: number;
  count: number;
}

/** Blocks from the first measured answer on; what comes after the last whole block is left out. */
export function blockTimes(samples: Samples, seconds: number, count: number): BlockTimes {
  let start = Number.POSITIVE_INFINITY;
  for (const { at } of Object.values(samples.series.http_req_duration ?? {})) {
    for (const time of at) start = Math.min(start, time);
  }
  return { start, seconds, count };
}

/**
 * The median of a metric in each block, or another quantile: of both arms, and of the two random labels on the after arm where
 * both have values. A block without a value has NaN, which {@link compareBlocks} calls void.
 */
export function quantileBlocks(samples: Samples, metric: string, times: BlockTimes, p = 0.5): PairedBlock[] {
  const arms = samples.series[metric] ?? {};
  const before = split(arms.before, times);
  const after = split(arms.after, times);
  const a = split(arms.after, times, 'a');
  const b = split(arms.after, times, 'b');
  return before.map((values, i) => {
    const aa = [at(a[i], p), at(b[i], p)] as const;
    return { before: at(values, p), after: at(after[i], p), ...(aa.every((value) => value > 0) && { aa }) };
  });
}

function at(values: readonly number[] = [], p: number): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    p,
  );
}

/** How many answers each block has, on one arm. */
export function answersPerBlock(samples: Samples, arm: string, times: BlockTimes): number[] {
  return split(samples.series.http_req_duration?.[arm], times).map((values) => values.length);
}

function split(series: Series | undefined, times: BlockTimes, label?: string): number[][] {
  const blocks: number[][] = Array.from({ length: times.count }, () => []);
  series?.at.forEach((at, i) => {
    if (label && series.label[i] !== label) return;
    blocks[Math.floor((at - times.start) / (times.seconds * 1e6))]?.push(series.value[i] as number);
  });
  return blocks;
}
