import type { Comparison } from '../../result.ts';
import type { PairRun, SweepPoint, SweepStep } from './pair-run.ts';
import { LEAST_IDLE } from './run-pair.ts';
import type { Sweep } from './sweep.ts';

/** One stage at one rate, over all pairs it was part of. */
export interface CurvePoint {
  rate: number;
  /** One for each pair; the figures below are their geometric means. */
  points: SweepPoint[];
  /** Milliseconds. Absent where nobody got an answer. */
  nearP95?: number;
  farP50?: number;
  /** Answers as expected, as a share of what was offered. */
  answered: number;
  refused: number;
  timedOut: number;
  dropped: number;
  /** Answers as expected a second. */
  goodput: number;
  cpuPerRequestUs?: number;
  /** The machine was full in one of the turns: a figure of the machine, and not of the stage. */
  crowded: boolean;
}

/** Latency against load of one stage. */
export interface Curve {
  stage: string;
  points: CurvePoint[];
  /** The rate of the knee; none where no rate could be judged. */
  knee?: number;
  /** The highest rate of which nearly all was answered as expected; none where even the lowest lost more. */
  carried?: number;
}

/** "Nearly all". */
const CARRIED_SHARE = 0.99;

/** The stages' curves, in the order of the stages. */
export function curvesOf({ pairs }: Pick<Sweep, 'pairs'>): Curve[] {
  const stages = [...new Set(pairs.flatMap(({ before, after }) => [before.stage, after.stage]))];
  return stages.map((stage) => {
    const rates = [...new Set(pairs.flatMap(({ steps }) => steps.map(({ rate }) => rate)))].sort((a, b) => a - b);
    const points = rates.flatMap((rate) => {
      const seen = pairs.flatMap((pair) => pointsOf(pair, stage, rate));
      return seen.length > 0 ? [curvePoint(rate, seen)] : [];
    });
    const fair = points.filter((point) => !point.crowded);
    const carried = fair.findLast((point) => point.answered >= CARRIED_SHARE)?.rate;
    const knee = kneeOf(fair)?.rate;
    return { stage, points, ...(knee !== undefined && { knee }), ...(carried !== undefined && { carried }) };
  });
}

function pointsOf({ before, after, steps }: PairRun, stage: string, rate: number): SweepPoint[] {
  const step = steps.find((one) => one.rate === rate);
  const point = before.stage === stage ? step?.before : after.stage === stage ? step?.after : undefined;
  return point ? [point] : [];
}

function curvePoint(rate: number, points: SweepPoint[]): CurvePoint {
  const sum = (of: keyof SweepPoint['accounting']) => points.reduce((total, point) => total + point.accounting[of], 0);
  const offered = sum('offered');
  const nearP95 = mean(points.map(({ near }) => near?.p95));
  const farP50 = mean(points.map(({ far }) => far?.p50));
  const cpuPerRequestUs = mean(points.map((point) => point.cpuPerRequestUs));
  return {
    ...{ rate, points },
    ...(nearP95 !== undefined && { nearP95 }),
    ...(farP50 !== undefined && { farP50 }),
    ...(cpuPerRequestUs !== undefined && { cpuPerRequestUs }),
    answered: sum('answered') / offered,
    refused: sum('refused') / offered,
    timedOut: sum('timedOut') / offered,
    dropped: sum('dropped') / offered,
    goodput: (rate * sum('answered')) / offered,
    crowded: points.some(({ hostIdle }) => hostIdle < LEAST_IDLE),
  };
}

/** Geometric, of what there is. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined && value > 0) as number[];
  if (known.length === 0) return undefined;
  return Math.exp(known.reduce((sum, value) => sum + Math.log(value), 0) / known.length);
}

/**
 * The knee of the curve of delay against throughput: where their quotient, the power, is highest. Beyond it, each further
 * request costs those that are there more time than it is worth.
 * @see L. Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979
 */
function kneeOf(points: readonly CurvePoint[]): CurvePoint | undefined {
  const power = ({ goodput, nearP95 }: CurvePoint) => (nearP95 ? goodput / nearP95 : 0);
  return points.reduce<CurvePoint | undefined>(
    (best, one) => (best && power(best) >= power(one) ? best : one),
    undefined,
  );
}

/** Two neighbours, beside each other at one rate. */
export interface Neighbours {
  before: string;
  after: string;
  /** The highest rate of which both carried nearly all. */
  rate: number;
  comparisons: Comparison[];
}

/** What each pair says at the highest rate that both of it carried; nothing where there was none. */
export function neighboursOf({ pairs }: Pick<Sweep, 'pairs'>): Neighbours[] {
  return pairs.flatMap(({ before, after, steps }) => {
    const step = steps.findLast(({ before: one, after: other }) => one && other && carries(one) && carries(other));
    if (!step) return [];
    return [{ before: before.stage, after: after.stage, ...pick(step) }];
  });
}

function pick({ rate, comparisons }: SweepStep) {
  return { rate, comparisons };
}

function carries({ accounting: { offered, answered }, hostIdle }: SweepPoint): boolean {
  return answered >= CARRIED_SHARE * offered && hostIdle >= LEAST_IDLE;
}
