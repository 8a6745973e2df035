import type { Options } from 'k6/options';
import { type ArmTarget, targets } from './arms.ts';

/** How many visitors arrive, whatever the answers do. */
export interface OpenLoad {
  /**
   * Arrivals a second. One number is shared by the arms, each arrival picking its own at random; a pair gives each arm a
   * scenario of its own, for an arm so slow that it can't carry its half.
   */
  rate: number | { before: number; after: number };
  /** Longest time an answer usually takes, in milliseconds, of the slower arm: sets the number of virtual users. */
  p99Ms: number;
}

/** Each slice of these shows up in the summary only because a threshold names it. */
const SLICED = ['http_req_duration', 'db_ms', 'app_ms', 'queries'];
const COUNTED = ['offered', 'answered', 'refused', 'timed_out'];
/** What k6's summary says of each. */
export const STATS = ['count', 'min', 'med', 'p(95)', 'p(99)', 'max'];

/**
 * k6 options for an open load: arrivals keep their rate however slow the answers are, as visitors do.
 *
 * From the environment: `SECONDS` (40) measured after `WARMUP_SECONDS` (10), and `RATE`, which takes the place of a
 * shared rate. `CLOSED_LOOP_USERS` asks for that many visitors who come back at once instead. Virtual users are rate × p99 × 1.5 (Little's law and a margin), all made beforehand, since making one in
 * the middle costs the CPU that is being measured; when they do not suffice k6 drops arrivals, and the run is void.
 *
 * @see https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/constant-arrival-rate/
 */
export function openLoad(load: OpenLoad): Options {
  const arms = targets(__ENV);
  const thresholds: Record<string, string[]> = {
    dropped_iterations: ['count==0'],
    refused: ['count==0'],
    timed_out: ['count==0'],
  };
  if (__ENV.CLOSED_LOOP_USERS) return closedLoop(Number(__ENV.CLOSED_LOOP_USERS));
  return {
    scenarios: scenarios(load, arms.length),
    thresholds: { ...thresholds, ...slices(arms) },
    // Logging 200 members in costs 30 ms of CPU each, on either arm.
    setupTimeout: '120s',
    summaryTrendStats: STATS,
  };
}

/** Thresholds that are never crossed, and make k6's summary tell the arms apart. */
export function slices(arms: readonly ArmTarget[]): Record<string, string[]> {
  const of = (metrics: string[], bound: string) =>
    arms.flatMap(({ name }) => metrics.map((metric) => [`${metric}{arm:${name},phase:run}`, [bound]]));
  return Object.fromEntries([...of(SLICED, 'max>=0'), ...of(COUNTED, 'count>=0')]);
}

/** As fast as the answers come: for finding out how much the generator itself can send. */
export function closedLoop(users: number): Options {
  return {
    scenarios: { visitors: { executor: 'constant-vus', vus: users, duration: `${__ENV.SECONDS || 3}s` } },
    summaryTrendStats: STATS,
  };
}

function scenarios({ rate, p99Ms }: OpenLoad, arms: number): NonNullable<Options['scenarios']> {
  if (typeof rate === 'number') {
    return { visitors: arrivals(Number(__ENV.RATE) || (arms === 2 ? rate : rate / 2), p99Ms) };
  }
  if (arms === 1) return { visitors: arrivals(Number(__ENV.RATE) || Math.min(rate.before, rate.after), p99Ms) };
  return { before: arrivals(rate.before, p99Ms), after: arrivals(rate.after, p99Ms) };
}

function arrivals(perSecond: number, p99Ms: number) {
  const users = Math.max(4, Math.ceil(perSecond * (p99Ms / 1000) * 1.5));
  const seconds = Number(__ENV.WARMUP_SECONDS || 10) + Number(__ENV.SECONDS || 40);
  return {
    executor: 'constant-arrival-rate' as const,
    rate: Math.round(perSecond * 10),
    timeUnit: '10s',
    duration: `${seconds}s`,
    preAllocatedVUs: users,
    maxVUs: users,
  };
}
