import { comparisonOf, type K6Claim, type Measurement, type Quantity } from '../claim.ts';
import { type BlockComparison, compareBlocks, type PairedBlock } from '../statistics.ts';
import type { ArmUsage } from './arm-usage.ts';
import { answersPerBlock, type BlockTimes, quantileBlocks } from './blocks.ts';
import type { ArmName } from './k6-arms.ts';
import type { Samples } from './k6-samples.ts';
import type { LoadPlan } from './load-plan.ts';

/** All that one load left behind. */
export interface LoadRecord {
  samples: Samples;
  times: BlockTimes;
  usage: Record<ArmName, ArmUsage>;
}

/** The compared quantities of a load; the first is the claim's own. */
export interface JudgedLoad {
  quantity: Quantity;
  unit: string;
  blocks: PairedBlock[];
  comparison: BlockComparison;
}

/** Compares every quantity of a claim, block by block. */
export function judgeLoad(
  record: LoadRecord,
  metrics: readonly Quantity[],
  options: { plan: LoadPlan; judged: boolean; seed: number },
): JudgedLoad[] {
  return metrics.map((quantity) => {
    const { from, quantile } = quantity;
    const blocks = from === 'cpu' ? cpuBlocks(record) : quantileBlocks(record.samples, from, record.times, quantile);
    const comparison = compareBlocks(blocks, {
      seed: options.seed,
      leastBlocks: options.plan.leastBlocks,
      ...(options.judged && quantity.goal && { goal: quantity.goal }),
    });
    return { quantity, unit: from === 'cpu' ? 'µs' : 'ms', blocks, comparison };
  });
}

/** A result's rows for the further quantities; one whose blocks say nothing is void there, with the others standing. */
export function alsoRows(judged: readonly JudgedLoad[]): NonNullable<Measurement['also']> {
  return judged.slice(1).map((row) => comparisonOf(row.quantity.metric, row.unit, row.comparison));
}

/**
 * The exact number of queries a request, which has to be the same in every answer of an arm.
 * @returns The count, and what is wrong with it, each in a few words.
 */
export function countQueries(
  { series }: Samples,
  wanted: NonNullable<K6Claim['queries']>,
): { count?: NonNullable<Measurement['counts']>[number]; problems: string[] } {
  const uncounted = (['before', 'after'] as const).filter(
    (arm) => series.queries?.[arm]?.value.length !== series.http_req_duration?.[arm]?.value.length,
  );
  if (uncounted.length > 0) {
    return { problems: [`not every answer of the arm ${uncounted.join(' and ')} says how many queries it took`] };
  }
  const before = new Set(series.queries?.before?.value);
  const after = new Set(series.queries?.after?.value);
  if (before.size !== 1 || after.size !== 1) {
    const shown = (counts: Set<number>) => [...counts].sort((a, b) => a - b).join(', ') || 'nothing';
    return { problems: [`queries a request are not one number: before ${shown(before)}; after ${shown(after)}`] };
  }
  const counted = { before: Math.max(...before), after: Math.max(...after) };
  const met = counted.before === wanted.before && counted.after === wanted.after;
  return {
    count: { name: 'queries a request', ...counted, goal: { op: '=', value: wanted.after, met } },
    problems: [],
  };
}

function cpuBlocks({ samples, times, usage }: LoadRecord): PairedBlock[] {
  const cost = (arm: ArmName) =>
    answersPerBlock(samples, arm, times).map((answers, i) => {
      const from = times.start + i * times.seconds * 1e6;
      return usage[arm].cpuBetween(from, from + times.seconds * 1e6) / answers;
    });
  const after = cost('after');
  return cost('before').map((before, i) => ({ before, after: after[i] ?? Number.NaN }));
}
