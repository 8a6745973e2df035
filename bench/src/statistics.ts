import type { Comparison, Verdict } from './result.ts';
import { mean } from './statistics/describe.ts';
import { bootstrapT, type Interval, type SeriesInterval, seriesInterval } from './statistics/interval.ts';
import { type GoalBound, meetsGoal, noiseFloor, verdictOf } from './statistics/verdict.ts';
import { warmUpLength } from './statistics/warm-up.ts';

export { latencyOf, mad, mean, median, quantile } from './statistics/describe.ts';
export type { Interval } from './statistics/interval.ts';
export { seededRandom } from './statistics/seeded-random.ts';
export { type GoalBound, meetsGoal, noiseFloor, verdictOf } from './statistics/verdict.ts';

/** One block: the metric of both arms, and of two random labels on the after arm. All above 0, in one unit. */
export interface PairedBlock {
  before: number;
  after: number;
  aa?: readonly [number, number];
}

/** What the blocks of one run say; its fields go into a result as they are. */
export interface BlockComparison extends Interval {
  /** Geometric means over the kept blocks, in the metric's unit: before ÷ after is the estimate, or its inverse where more is better. */
  before: number;
  after: number;
  floor: number;
  goal?: NonNullable<Comparison['goal']>;
  verdict: Verdict;
  /** Why the verdict is `void`; the figures are then 1 and mean nothing. */
  why?: string;
  aa?: Interval;
  bootstrap: { lo: number; hi: number };
  lag1: number;
  /** How many blocks count as one, for their autocorrelation; see {@link seriesInterval}. */
  blockFactor: number;
  /** Leading blocks left out. */
  warmupBlocks: number;
  /** Blocks the figures rest on. */
  blocks: number;
  /** The ratio is after ÷ before. */
  moreIsBetter?: true;
}

interface CompareOptions {
  goal?: GoalBound;
  /** For rates such as requests a second: the ratio is after ÷ before, so that above 1 still means that after is better. */
  moreIsBetter?: boolean;
  /** Of the bootstrap; default 1. */
  seed?: number;
  /** Of the bootstrap; default 2,000. */
  resamples?: number;
  /** Default 20; a quick run may ask for fewer, never under 8. */
  leastBlocks?: number;
  /** The blocks are cut from turns with rests between them, after a warm-up of its own: no leading ones are left out. */
  warmedUp?: boolean;
}

/** Least number of blocks after the warm-up (MEASURING rule 6). */
export const LEAST_BLOCKS = 20;

/**
 * Compares two arms over the blocks of one run: geometric-mean ratio before ÷ after (after ÷ before where more is better) with its
 * 95 % interval, the A/A floor, a verdict.
 * Never throws for what the data is like: blocks that allow no statement give the verdict `void` and say why.
 * @param blocks - In the order of time, warm-up included.
 */
export function compareBlocks(blocks: readonly PairedBlock[], options: CompareOptions = {}): BlockComparison {
  const bad = blocks.findIndex((block) => ![block.before, block.after, ...(block.aa ?? [])].every(isPositive));
  if (bad >= 0)
    return nothing(`block ${bad + 1} of ${blocks.length} has a value that is not a number above 0`, 0, options);
  // Of the ratio, not of each arm: when a shared machine slows down it slows both, and their ratio, which is what is
  // averaged, has long settled.
  const warmupBlocks = options.warmedUp ? 0 : warmUpLength(blocks.map((block) => before(block) - after(block)));
  if (warmupBlocks > blocks.length / 2) {
    return nothing(
      `the run never settled: ${warmupBlocks} of ${blocks.length} blocks differ from its end`,
      warmupBlocks,
      options,
    );
  }
  const kept = blocks.slice(warmupBlocks);
  const least = Math.max(8, options.leastBlocks ?? LEAST_BLOCKS);
  if (kept.length < least) {
    return nothing(`${kept.length} blocks are left after the warm-up, ${least} are needed`, warmupBlocks, options);
  }
  const pairs = kept.flatMap((block) => (block.aa ? [block.aa] : []));
  if (pairs.length > 0 && pairs.length < Math.max(8, kept.length / 2)) {
    return nothing(`only ${pairs.length} of ${kept.length} blocks have both A/A labels`, warmupBlocks, options);
  }
  return { ...judge(kept, pairs, options), warmupBlocks };
}

function judge(
  kept: readonly PairedBlock[],
  pairs: readonly (readonly [number, number])[],
  { goal, moreIsBetter, seed = 1, resamples = 2_000 }: CompareOptions,
): Omit<BlockComparison, 'warmupBlocks'> {
  const logs = kept.map((block) => (moreIsBetter ? after(block) - before(block) : before(block) - after(block)));
  const series = seriesInterval(logs);
  const ratio = exponent(series);
  const { lo, hi } = exponent(bootstrapT(logs, series, seed, resamples));
  const aa = pairs.length > 0 ? exponent(seriesInterval(pairs.map(([a, b]) => Math.log(a / b)))) : undefined;
  const floor = noiseFloor(aa);
  return {
    ...ratio,
    before: Math.exp(mean(kept.map(before))),
    after: Math.exp(mean(kept.map(after))),
    floor,
    ...(goal && { goal: { ...goal, met: meetsGoal(goal, ratio) } }),
    verdict: verdictOf(ratio, floor, goal),
    ...(aa && { aa }),
    bootstrap: { lo, hi },
    lag1: series.lag1,
    blockFactor: series.blockFactor,
    blocks: kept.length,
    ...(moreIsBetter && { moreIsBetter }),
  };
}

function nothing(why: string, warmupBlocks: number, { goal, moreIsBetter }: CompareOptions): BlockComparison {
  return {
    ...{ before: 1, after: 1, estimate: 1, lo: 1, hi: 1, floor: noiseFloor(), verdict: 'void', why, warmupBlocks },
    ...(goal && { goal: { ...goal, met: false } }),
    ...{ bootstrap: { lo: 1, hi: 1 }, lag1: 0, blockFactor: 1, blocks: 0 },
    ...(moreIsBetter && { moreIsBetter }),
  };
}

function exponent({ estimate, lo, hi }: Interval | SeriesInterval): Interval {
  return { estimate: Math.exp(estimate), lo: Math.exp(lo), hi: Math.exp(hi) };
}

const before = (block: PairedBlock): number => Math.log(block.before);
const after = (block: PairedBlock): number => Math.log(block.after);

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
