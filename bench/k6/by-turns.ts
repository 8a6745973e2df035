import type { Options } from 'k6/options';
import { targets } from './arms.ts';
import { closedLoop, STATS, slices } from './open-load.ts';

/** More than a request may take, so that none is cut off unaccounted for. */
const GRACE_SECONDS = Number(__ENV.TIMEOUT_SECONDS || 10) + 1;

/** Arms loaded one at a time, so that each has the machine to itself. */
export interface Turns {
  /** The arm of each turn, in order: `['before', 'after', 'after', 'before']`. */
  arms: readonly string[];
  rate: number;
  /** Of one turn, and the rest after it, in which what is left in the queues is done with. */
  seconds: number;
  restSeconds: number;
  /** So many seconds of arrivals may be under way at once; who finds all virtual users busy is dropped, and counted. */
  patienceSeconds: number;
}

/**
 * k6 options for an open load on one arm at a time. Nothing is asked of it but its own books: how many were dropped, refused or
 * late is what such a load is to find out.
 */
export function byTurns({ arms, rate, seconds, restSeconds, patienceSeconds }: Turns): Options {
  if (__ENV.CLOSED_LOOP_USERS) return closedLoop(Number(__ENV.CLOSED_LOOP_USERS));
  const users = Math.max(16, Math.ceil(rate * patienceSeconds));
  const turn = (name: string, place: number) => [
    `${name}-${place}`,
    {
      ...{ executor: 'constant-arrival-rate' as const, rate, timeUnit: '1s', duration: `${seconds * 1000}ms` },
      ...{ startTime: `${place * (seconds + restSeconds) * 1000}ms`, gracefulStop: `${GRACE_SECONDS}s` },
      ...{ preAllocatedVUs: users, maxVUs: users },
    },
  ];
  return {
    scenarios: Object.fromEntries(arms.map(turn)),
    thresholds: slices(targets(__ENV)),
    summaryTrendStats: STATS,
  };
}
