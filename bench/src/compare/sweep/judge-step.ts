import { comparisonOf } from '../../claim.ts';
import type { Accounting, Comparison } from '../../result.ts';
import { type BlockComparison, compareBlocks, median, type PairedBlock, quantile } from '../../statistics.ts';
import type { SweepPoint, SweepStep, Times } from './pair-run.ts';
import type { Answered, Turn } from './turns.ts';

export type ArmName = 'before' | 'after';

/** What was seen of one rate. Times in microseconds since 1970-01-01 UTC. */
export interface StepRecord {
  rate: number;
  turns: readonly Turn[];
  turnSeconds: number;
  /** CPU time of all boxes of an arm between two moments, in microseconds. */
  cpuBetween(arm: ArmName, from: number, to: number): number;
  /** Share of all cores' time between two moments that nobody used. */
  idleBetween(from: number, to: number): number;
}

/** A turn is cut into slices of so many seconds: a rate has two turns of each arm, which alone would be two values. */
const SLICE_SECONDS = 0.5;
/** As few as a quick bench may rest on. */
const LEAST_SLICES = 8;
const SEED = 1;

/** One rate as it goes into the result: both arms, and what their turns say when they are laid side by side. */
export function judgeStep(record: StepRecord): SweepStep {
  const [before, after] = (['before', 'after'] as const).map((arm) => pointOf(record, arm));
  return {
    rate: record.rate,
    ...(before && { before }),
    ...(after && { after }),
    comparisons: before && after ? compared(record) : [],
  };
}

/** From so many lost arrivals on, or so slow, an arm is not asked for more: what it then shows is its queue alone. */
const MOST_LOST = 0.1;
const SLOWEST_MS = 1000;

/** Whether an arm may be asked for more than this. */
export function mayRise({ accounting: { offered, answered }, near }: SweepPoint): boolean {
  return answered >= (1 - MOST_LOST) * offered && near !== undefined && near.p95 <= SLOWEST_MS;
}

function pointOf(record: StepRecord, arm: ArmName): SweepPoint | undefined {
  const turns = record.turns.filter((turn) => turn.arm === arm);
  if (turns.length === 0) return undefined;
  const accounting = turns.map(({ books }) => books).reduce(added);
  const answers = turns.flatMap((turn) => turn.answers);
  const end = ({ start }: Turn) => start + record.turnSeconds * 1e6;
  const cpu = turns.reduce((sum, turn) => sum + record.cpuBetween(arm, turn.start, end(turn)), 0);
  const [near, far] = (['near', 'far'] as const).map((place) => timesOf(answers.filter((one) => one.place === place)));
  return {
    accounting,
    ...(near && { near }),
    ...(far && { far }),
    ...(accounting.answered > 0 && Number.isFinite(cpu) && { cpuPerRequestUs: cpu / accounting.answered }),
    hostIdle: Math.min(...turns.map((turn) => record.idleBetween(turn.start, end(turn)))),
  };
}

function timesOf(answers: readonly Answered[]): Times | undefined {
  if (answers.length === 0) return undefined;
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (p: number) => quantile(sorted, p);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function added(a: Accounting, b: Accounting): Accounting {
  return {
    ...{ offered: a.offered + b.offered, answered: a.answered + b.answered, refused: a.refused + b.refused },
    ...{ timedOut: a.timedOut + b.timedOut, dropped: a.dropped + b.dropped },
  };
}

/** One slice of a turn. */
interface Slice {
  near: Answered[];
  far: Answered[];
  /** Of all boxes, for one answer, in microseconds. */
  cpu: number;
}

function compared(record: StepRecord): Comparison[] {
  const slices = pairsOf(record);
  const times = (place: 'near' | 'far') => slices.map(([before, after]) => timed(before[place], after[place]));
  const rows: [string, string, BlockComparison][] = [
    ['response time nearby, p50', 'ms', judged(times('near'))],
    ['response time far away, p50', 'ms', judged(times('far'))],
    ['CPU of all boxes for a request', 'µs', judged(slices.map(([a, b]) => ({ before: a.cpu, after: b.cpu })))],
  ];
  return rows.map(([metric, unit, blocks]) => comparisonOf(metric, unit, blocks));
}

function judged(blocks: PairedBlock[]): BlockComparison {
  return compareBlocks(blocks, { seed: SEED, leastBlocks: LEAST_SLICES, warmedUp: true });
}

function timed(before: Answered[], after: Answered[]): PairedBlock {
  const [a, b] = ['a', 'b'].map((label) => medianOf(after.filter((one) => one.label === label)));
  const aa = [a, b] as [number, number];
  return { before: medianOf(before), after: medianOf(after), ...(aa.every((value) => value > 0) && { aa }) };
}

function medianOf(answers: readonly Answered[]): number {
  return median(answers.map(({ ms }) => ms));
}

/** Each turn beside the neighbour of the other arm (before after, after before), slice by slice. */
function pairsOf(record: StepRecord): [Slice, Slice][] {
  const pairs: [Slice, Slice][] = [];
  for (let i = 0; i + 1 < record.turns.length; i += 2) {
    const two = record.turns.slice(i, i + 2);
    const [before, after] = (['before', 'after'] as const).map((arm) => two.find((turn) => turn.arm === arm));
    if (!before || !after) continue;
    const others = slicesOf(record, after, 'after');
    for (const [at, slice] of slicesOf(record, before, 'before').entries()) pairs.push([slice, others[at] as Slice]);
  }
  return pairs;
}

function slicesOf(record: StepRecord, turn: Turn, arm: ArmName): Slice[] {
  const length = SLICE_SECONDS * 1e6;
  return Array.from({ length: Math.floor(record.turnSeconds / SLICE_SECONDS) }, (_, i) => {
    const from = turn.start + i * length;
    const answers = turn.answers.filter(({ at }) => at >= from && at < from + length);
    return {
      near: answers.filter(({ place }) => place === 'near'),
      far: answers.filter(({ place }) => place === 'far'),
      cpu: record.cpuBetween(arm, from, from + length) / answers.length,
    };
  });
}
