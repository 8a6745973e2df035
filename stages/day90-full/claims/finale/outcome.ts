import {
  type Accounting,
  CLOSED,
  FROM_DATABASE,
  FROM_EDGE,
  LATE,
  type PacedRun,
  quantile,
  REFUSED,
  SENT_AGAIN,
  UNSENT,
} from '@day90/bench';
import type { Crowd, Kind } from './crowd.ts';

/** A request that was not answered as it should have been. */
export interface Failure {
  kind: Kind;
  /** When that was known, in milliseconds since the first request was due. */
  at: number;
  /** `503`, `connection closed`. */
  what: string;
}

/** What a load came to. Times in milliseconds, from when a request was due. */
export interface Outcome {
  sent: number;
  failures: Failure[];
  /** Of the answers as expected, ascending. */
  took: Float32Array;
  /** By how much requests were sent late, at p99. */
  late: number;
  /** Requests by what they reached. */
  reached: { edge: number; app: number; database: number };
  /** Reads that an edge may answer, and those that one did. */
  cacheable: { asked: number; hit: number };
  writes: number;
  sentAgain: number;
  /** The longest time in which the generator looked at nothing. */
  stoodStill: number;
  /** Each request once: `answered` as it should be, `refused` with another answer, `dropped` with its connection, or for want of one. */
  accounting: Accounting;
}

/**
 * Reads what became of each request.
 * @param rate - At which they were due, per second.
 * @throws {Error} When none was answered: there is nothing to say of times then.
 */
export function outcomeOf(run: PacedRun, crowd: Crowd, rate: number): Outcome {
  const { sent, status, flags, took, order } = run;
  const kinds = Array.from({ length: sent }, (_, n) => crowd.kindOf(order[n] as number));
  const has = (n: number, flag: number) => ((flags[n] ?? 0) & flag) !== 0;
  const count = (is: (n: number) => boolean) => kinds.reduce((sum, _, n) => sum + (is(n) ? 1 : 0), 0);
  const good = (n: number) => status[n] === (kinds[n] === 'write' ? 201 : 200);
  const cacheable = (n: number) => kinds[n] === 'known' || kinds[n] === 'unread';
  const failures = kinds.flatMap((kind, n): Failure[] =>
    good(n) ? [] : [{ kind, at: (1000 * n) / rate + (took[n] ?? 0), what: wordsFor(status[n] ?? 0, flags[n] ?? 0) }],
  );
  if (failures.length === sent) throw new Error(`none of ${sent} requests was answered: ${failures[0]?.what}`);
  return {
    ...{ sent, failures },
    took: took
      .subarray(0, sent)
      .filter((_, n) => good(n))
      .sort(),
    late: quantile(run.late.slice(0, sent).sort(), 0.99),
    reached: {
      edge: count((n) => has(n, FROM_EDGE)),
      app: count((n) => good(n) && !has(n, FROM_EDGE)),
      database: count((n) => has(n, FROM_DATABASE)),
    },
    cacheable: { asked: count(cacheable), hit: count((n) => cacheable(n) && has(n, FROM_EDGE)) },
    writes: count((n) => kinds[n] === 'write'),
    sentAgain: count((n) => has(n, SENT_AGAIN)),
    stoodStill: run.stoodStillMs,
    accounting: {
      offered: sent,
      answered: count(good),
      refused: count((n) => !good(n) && (status[n] ?? 0) > 0),
      timedOut: count((n) => has(n, LATE)),
      dropped: count((n) => has(n, CLOSED | REFUSED | UNSENT)),
    },
  };
}

function wordsFor(status: number, flags: number): string {
  if (status > 0) return String(status);
  if (flags & LATE) return 'no answer in 15 s';
  if (flags & REFUSED) return 'no connection';
  return flags & CLOSED ? 'connection closed' : 'too many under way';
}

/** Standing still for longer, a generator sends all that was due at once, which is another load. */
const MOST_STILL_MS = 1000;

/** What makes a run void. */
export function outcomeProblems({ stoodStill, accounting }: Outcome): string[] {
  const { offered, answered, refused, timedOut, dropped } = accounting;
  const lost = offered - answered - refused - timedOut - dropped;
  return [
    ...(stoodStill > MOST_STILL_MS ? [`the generator stood still for ${(stoodStill / 1000).toFixed(1)} s`] : []),
    ...(lost === 0 ? [] : [`${lost} of ${offered} requests are not accounted for`]),
  ];
}
