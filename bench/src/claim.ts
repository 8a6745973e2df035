import type { Data, Guardian, Scale } from '@day90/infra';
import type { Arm, Comparison, ResultBody } from './result.ts';
import type { BlockComparison, GoalBound, PairedBlock } from './statistics.ts';

/** A sentence with a number that a bench proves. A stage exports its own from `claims/index.ts`, the headline first. */
export type Claim = K6Claim | MeasuredClaim;

interface ClaimBase {
  /** Names the claim on the command line and in its result file: `feed`. */
  id: string;
  /** The claim as a sentence, without figures. */
  title: string;
  /** Ids of what it proves: `C1`, `T1`. */
  proves: string[];
  /** The scale its goals are stated for. Measured at another one, the claim shows its figures and judges none. */
  scale?: Scale;
  /** Versions of what does the work, by name, such as `sqlite`. */
  versions?: () => Promise<Record<string, string>>;
}

/** Two topologies under one open load. The load is a k6 script, which can import no package: so this side of it is here. */
export interface K6Claim extends ClaimBase {
  kind: 'k6';
  /** The script, from the stage's folder: `load.ts`. */
  script: string;
  arms: { before: ArmSource; after: ArmSource };
  /** Other blocks than of 2 s: longer ones for an arm so slow that it gives too few answers in them, shorter ones for a fast pair. */
  blockSeconds?: number;
  /** What is compared block by block; the first is the claim's own metric. */
  metrics: [Quantity, ...Quantity[]];
  /** Asked of the exact number of queries a request. */
  queries?: { before: number; after: number };
  /** Settings of both arms' box that the load needs, such as higher rate limits. They stand in the result. */
  raised?: Record<string, string>;
}

/** One side of a comparison. */
export interface ArmSource {
  /** `stage-1-naive` */
  label: string;
  /** Its topology, exported as `topology` by this module: a path from the stage's folder, and into another stage's, too. */
  topology: string;
  /** The box that `raised` is for, and whose CPU time and memory are reported; a role with several boxes means all of them. */
  box: string;
  /** Boxes, or roles, whose CPU time and memory are reported instead: all that an answer passes through. */
  boxes?: string[];
  /** Settings by box that win over the topology's. */
  env?: Record<string, Record<string, string>>;
  /** Options of the topology: `{ 'db-rtt': '10ms' }`. */
  options?: Record<string, string>;
  /** How many boxes of a role are started: `{ app: 1 }`. */
  replicas?: Record<string, number>;
  /** No box is held to its budget: for what takes its time elsewhere. Their CPU time is counted all the same. */
  free?: true;
}

/** Something each block gives a value of. */
export interface Quantity {
  /** A k6 metric, of which the block's median or another quantile counts, or `cpu`: microseconds of the arm's boxes for one answer. */
  from: 'db_ms' | 'app_ms' | 'http_req_duration' | 'cpu';
  /** Which quantile of a block counts, such as 0.95; its blocks must be long enough to have one. The median unless told. */
  quantile?: number;
  /** In words that fit a table's first column. */
  metric: string;
  goal?: GoalBound;
}

/** Anything a load script can't measure. The stage's module does the work and may use the stage's own code. */
export interface MeasuredClaim extends ClaimBase {
  kind: 'measured';
  /** About how long it takes, in seconds, with all data there; and with `--quick`, where the headline may take 90. */
  seconds: number;
  quickSeconds?: number;
  measure(context: MeasureContext): Promise<Measurement>;
}

export interface MeasureContext {
  /** The claim's own scale, or the one that was asked for. */
  scale: Scale;
  /** Whether the goals count: not at another scale than they are stated for. */
  judged: boolean;
  /** Fewer blocks are wanted. */
  quick: boolean;
  /** Of all that is random. */
  seed: number;
  /** An empty folder for copies, deleted afterwards. */
  scratch: string;
  /** Ends the generators that were started, should this process be killed. */
  guardian: Guardian;
  /** Aborted by Ctrl-C: what was started must be ended. Checked by `progress`, too. */
  signal: AbortSignal;
  /**
   * The folder with the seeded data, made when it isn't there yet. To be read only.
   * @param home - Folder of the stage that loads it; the claim's own unless told.
   */
  template(data: Data, scale: Scale, home?: string): Promise<string>;
  /**
   * Says how far the work is, from 0 to 1, and lets Ctrl-C through: call it between blocks.
   * @throws The signal's reason once it is aborted.
   */
  progress(done: number): Promise<void>;
}

/** What one claim's run gave, before the machine, the commit and the hash are added. */
export interface Measurement {
  metric: string;
  unit: string;
  comparison: BlockComparison;
  arms: Arm[];
  also?: Comparison[];
  counts?: ResultBody['counts'];
  values?: ResultBody['values'];
  /** All zero where no requests are sent. */
  accounting?: ResultBody['accounting'];
  generator?: ResultBody['method']['generator'];
  blocks: ResultBody['blocks'];
  blockSeconds: number;
  /** How it was measured, one sentence each. */
  notes: string[];
  /** What makes the run void, each in a few words. */
  voidBecause?: string[];
  budgets?: ResultBody['env']['budgets'];
}

/** A row of a result from what the blocks say. */
export function comparisonOf(metric: string, unit: string, blocks: BlockComparison): Comparison {
  const { before, after, estimate, lo, hi, floor, goal, verdict, moreIsBetter } = blocks;
  return {
    ...{ metric, unit, before, after, estimate, lo, hi, floor, ...(goal && { goal }), verdict },
    ...(moreIsBetter && { moreIsBetter }),
  };
}

/**
 * The comparison of two exact counts: nothing is timed, so the interval is the ratio itself.
 * @param before - Above 0, as is `after`.
 */
export function exactComparison(before: number, after: number): BlockComparison {
  const ratio = before / after;
  return {
    ...{ before, after, estimate: ratio, lo: ratio, hi: ratio, floor: 1 },
    verdict: ratio > 1 ? 'faster' : ratio < 1 ? 'slower' : 'equivalent',
    ...{ bootstrap: { lo: ratio, hi: ratio }, lag1: 0, blockFactor: 1, warmupBlocks: 0, blocks: 0 },
  };
}

/** Blocks for a result file, from those that {@link compareBlocks} got. */
export function resultBlocks(
  blocks: readonly PairedBlock[],
  blockSeconds: number,
  warmupBlocks: number,
): ResultBody['blocks'] {
  // JSON has no NaN: a block in which an arm gave no answer is left out, and the verdict is void anyway.
  return blocks.flatMap(({ before, after, aa }, i) =>
    Number.isFinite(before + after)
      ? [
          {
            t: i * blockSeconds,
            before,
            after,
            ...(aa && { aa: [aa[0], aa[1]] as [number, number] }),
            dropped: i < warmupBlocks,
          },
        ]
      : [],
  );
}
