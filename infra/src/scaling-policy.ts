import type { Scaling } from './topology-schema.ts';

/** How many boxes there may be. */
export interface ScalingBounds {
  least: number;
  most: number;
}

/** What was seen of one box. What is undefined could not be read. */
export interface BoxLoad {
  /** CPU time used, as a share of its budget; more than 1 where budgets are not enforced. */
  cpu: number | undefined;
  /** Requests under way, as a share of what it lets in at once; more than 1 where that has just come down, or requests wait for it. */
  concurrency: number | undefined;
  /** How long it has been ready, in seconds. */
  readySeconds: number;
}

/** A count that was wanted, and when, in seconds of any clock. */
export interface Wanted {
  at: number;
  count: number;
}

/** All that a decision depends on. */
export interface ScalingState {
  at: number;
  /** One for each box at work. */
  boxes: readonly BoxLoad[];
  /** What earlier decisions wanted, see {@link ScalingDecision.wanted}. */
  wanted: readonly Wanted[];
  /** When the count was last changed; undefined while it never was. */
  changedAt?: number | undefined;
}

export interface ScalingDecision {
  /** How many boxes there are to be from now on. */
  count: number;
  /** What the load asked for, this time and as long ago as matters: for the next decision. */
  wanted: Wanted[];
}

/** A count within a tenth of what is wanted is left alone, or it would swing about its target. */
export const SCALING_TOLERANCE = 0.1;
/** A burst is answered by so many times the boxes at most: what was seen in overload says how much too little, not exactly. */
const MOST_GROWTH = 2;
/** 2 × 0.9 ÷ 0.6 is 3.0000000000000004 to a computer. */
const ROUNDING = 1e-9;

/**
 * How many boxes a load needs, by the rule of Kubernetes' Horizontal Pod Autoscaler: the boxes there are, times what was seen
 * over what is wanted, rounded up; of several quantities the one that needs most. CPU alone does not see a box that is
 * full while it waits, such as for a database; the share of its places that are taken does, which is what Knative scales by.
 * Neither can tell an overload of two from one of ten: no box uses more than it has.
 *
 * Hysteresis: a tenth either way changes nothing, and boxes go only when so few have been enough for all of
 * `shrinkAfterSeconds`. Cool-down: after a change nothing is changed for `coolDownSeconds`, in which its effect shows.
 * A box that got ready less than `warmUpSeconds` ago compiles what it runs, and tells nothing of the load: it counts as idle
 * where more are wanted, and as just right where fewer are.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 * @see https://knative.dev/docs/serving/autoscaling/concurrency/
 */
export function decideScale(scaling: Scaling, bounds: ScalingBounds, state: ScalingState): ScalingDecision {
  const { at, boxes, changedAt } = state;
  const now = boxes.length;
  const needed = Math.max(...quantities(scaling, boxes).map(({ target, seen }) => boxesFor(target, seen)));
  const count = within(bounds, Math.min(needed, now * MOST_GROWTH));
  const since = at - scaling.shrinkAfterSeconds;
  // From the last one before that time on: it held until the next one.
  const from = state.wanted.findLastIndex((one) => one.at <= since);
  const wanted = [...state.wanted.slice(Math.max(from, 0)), { at, count }];
  const cooling = changedAt !== undefined && at - changedAt < scaling.coolDownSeconds;
  if (cooling) return { count: now, wanted };
  if (count >= now) return { count, wanted };
  // Without one, that time has not been seen whole yet.
  return { count: from < 0 ? now : Math.min(now, Math.max(...wanted.map((one) => one.count))), wanted };
}

function quantities({ cpu, concurrency, warmUpSeconds }: Scaling, boxes: readonly BoxLoad[]) {
  const warm = (box: BoxLoad, value: number | undefined) => (box.readySeconds < warmUpSeconds ? undefined : value);
  return [
    { target: cpu, seen: boxes.map((box) => warm(box, box.cpu)) },
    ...(concurrency ? [{ target: concurrency.target, seen: boxes.map((box) => warm(box, box.concurrency)) }] : []),
  ];
}

function boxesFor(target: number, seen: readonly (number | undefined)[]): number {
  const now = seen.length;
  const known = seen.filter((value) => value !== undefined);
  if (known.length === 0) return now;
  const raw = mean(known) / target;
  const careful = mean(seen.map((value) => value ?? (raw > 1 ? 0 : target))) / target;
  const isLeftAlone = [raw, careful].some((ratio) => Math.abs(ratio - 1) <= SCALING_TOLERANCE);
  // What is not known must not turn a want of more into one of fewer.
  if (isLeftAlone || raw > 1 !== careful > 1) return now;
  return Math.ceil(careful * now - ROUNDING);
}

function within({ least, most }: ScalingBounds, count: number): number {
  return Math.min(most, Math.max(least, count));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
