import { z } from 'zod';
import { parseSealed, sealed } from './sealed.ts';

/** Raised with every change of the shape below; a reader refuses what is newer than itself. */
export const RESULT_SCHEMA = 1;

const verdict = z.enum(['faster', 'slower', 'equivalent', 'no-difference', 'void']);

/** `value` is a bound on the ratio before ÷ after (or on a count); `met` looks at the interval's bound, not the estimate. */
const goal = z.strictObject({ op: z.enum(['>=', '<=', '=']), value: z.number(), met: z.boolean() });

/** One quantity of both arms: the ratio before ÷ after, or its inverse, with its 95 % interval. Above 1 = after is better. */
export const comparison = z.strictObject({
  /** What was measured, in words that fit a table's first column: "database time, p50 per block". */
  metric: z.string(),
  unit: z.string(),
  before: z.number(),
  after: z.number(),
  estimate: z.number(),
  lo: z.number(),
  hi: z.number(),
  /** No effect below this factor is claimed: the wider of 1.03 and the A/A interval of the same run. */
  floor: z.number(),
  goal: goal.optional(),
  verdict,
  /** The ratio is after ÷ before: a rate, of which more is better. */
  moreIsBetter: z.literal(true).optional(),
});

/** offered = answered + refused + timedOut + dropped, or the run is void. */
export const accounting = z.strictObject({
  offered: z.number(),
  answered: z.number(),
  refused: z.number(),
  timedOut: z.number(),
  dropped: z.number(),
});

const armBox = z.strictObject({
  name: z.string(),
  /** The share of one core it was limited to; absent where it ran free. */
  cpuShare: z.number().optional(),
  /** The share of one core it used. */
  used: z.number(),
  /** Share of the scheduler periods in which it was stopped at its limit. */
  throttled: z.number(),
});

const arm = z.strictObject({
  /** `before`, `after`, or the name of a rung, a scale or a variant. */
  name: z.string(),
  /** What ran there: `stage-1-naive`. */
  label: z.string(),
  /** Of the answers as expected, in milliseconds; absent where a claim times no requests. */
  latency: z
    .strictObject({
      count: z.number(),
      mean: z.number(),
      p50: z.number(),
      p95: z.number(),
      p99: z.number(),
      max: z.number(),
      /** The 1st, 2nd … 99th percentile, for the report's distribution. */
      percentiles: z.array(z.number()),
    })
    .optional(),
  /** Requests a second that were sent to this arm. */
  rate: z.number().optional(),
  /** CPU time of the arm's boxes for one answer, in microseconds: of all of `boxes`, else of the app box. */
  cpuPerRequestUs: z.number().optional(),
  /** Largest resident memory of the arm's app box, in bytes. */
  rssBytes: z.number().optional(),
  /** The boxes whose CPU was looked at. */
  boxes: z.array(armBox).optional(),
  /** What became of this arm's own requests. */
  accounting: accounting.optional(),
});

const block = z.strictObject({
  /** Start of the block in seconds since the load began. */
  t: z.number(),
  /** Value of the claim's metric in this block, by arm; `aa` holds the two random labels on the after arm. */
  before: z.number(),
  after: z.number(),
  aa: z.tuple([z.number(), z.number()]).optional(),
  dropped: z.boolean(),
  /** Why it is left out, where it is for another reason than the warm-up. */
  why: z.string().optional(),
});

/** A quantity of one side only, with its 95 % interval where it has one. A goal is a bound on the quantity itself. */
const value = z.strictObject({
  name: z.string(),
  unit: z.string(),
  value: z.number(),
  lo: z.number().optional(),
  hi: z.number().optional(),
  goal: goal.optional(),
});

/** Where, when and with what something was measured. */
export const environmentShape = z.strictObject({
  /** A short name for machines that may be compared: `linux-x64-2cpu`. */
  machineKind: z.string(),
  os: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  /** Versions by name: node, k6, sqlite … */
  versions: z.record(z.string(), z.string()),
  commit: z.string(),
  /** Files differed from that commit. */
  dirty: z.boolean(),
  seed: z.number(),
  scale: z.enum(['small', 'medium', 'full']),
  budgets: z.enum(['cgroup2', 'cgroup1', 'systemd', 'none']),
  /** Share of the scheduler periods in which a box was throttled, of the box with the largest; 0 where nothing is limited. */
  throttled: z.number(),
  /** Settings that a bench raised, such as rate limits. */
  raised: z.record(z.string(), z.string()),
});

const body = z.strictObject({
  schema: z.literal(RESULT_SCHEMA),
  stage: z.string(),
  claim: z.string(),
  /** The claim as a sentence, without figures. */
  title: z.string(),
  /** Ids of what it proves: `C1`, `T1`. */
  proves: z.array(z.string()),
  takenAt: z.iso.datetime(),
  /** Taken with `--quick`: fewer blocks, a wider interval. */
  quick: z.boolean(),
  arms: z.array(arm),
  ...comparison.shape,
  why: z.string().optional(),
  /** Further quantities of the same run. */
  also: z.array(comparison),
  /** Exact counts: never timed, asserted equal. */
  counts: z.array(z.strictObject({ name: z.string(), before: z.number(), after: z.number(), goal: goal.optional() })),
  /** Quantities that are no ratio: coefficients, absolute bounds. */
  values: z.array(value).optional(),
  accounting,
  method: z.strictObject({
    /** How it was measured, one sentence a line, for the report. */
    notes: z.array(z.string()),
    blockSeconds: z.number(),
    /** Leading blocks left out as warm-up. */
    warmupBlocks: z.number(),
    /** Lag-1 autocorrelation of the blocks' log ratios. */
    lag1: z.number(),
    /** The same interval by a seeded bootstrap-t, as a cross-check. */
    bootstrap: z.strictObject({ lo: z.number(), hi: z.number() }),
    /** The A/A ratio of the same run, where there is one. */
    aa: z.strictObject({ estimate: z.number(), lo: z.number(), hi: z.number() }).optional(),
    generator: z
      .strictObject({ name: z.string(), version: z.string(), rate: z.number(), ceiling: z.number() })
      .optional(),
  }),
  blocks: z.array(block),
  env: environmentShape,
});

/** A result file: one claim of one run, with what is needed to doubt it. `sha256` is of the file's other content, to show a hand edit. */
export const resultSchema = body.extend({ sha256: z.string() });

export type Result = z.infer<typeof resultSchema>;
export type ResultBody = z.infer<typeof body>;
export type Comparison = z.infer<typeof comparison>;
export type Verdict = z.infer<typeof verdict>;
export type Arm = z.infer<typeof arm>;
export type Block = z.infer<typeof block>;
export type Accounting = z.infer<typeof accounting>;
export type Value = z.infer<typeof value>;

/** Adds the hash that {@link parseResult} checks. */
export function sealResult(result: ResultBody): Result {
  return sealed(result);
}

/**
 * Reads a result file's text.
 * @throws {Error} With one line that names `name` and what is wrong: no JSON, another schema, changed by hand.
 */
export function parseResult(text: string, name: string): Result {
  return parseSealed(text, name, { number: RESULT_SCHEMA, shape: resultSchema, what: 'a result file' });
}
