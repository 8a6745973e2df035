import {
  atMost,
  baselineP99,
  type Check,
  type Drill,
  during,
  hitRatio,
  JUDGED,
  noneFailed,
  PUBLIC_READS,
  p99,
  type Rig,
  readServerTiming,
  type Sent,
  WRITES,
} from '@day90/bench/drill';

/** Readers for whom almost everything is cached, and a few writers whose invalidations have to get through. */
export const CACHED_MIX: Drill['mix'] = {
  post: 60,
  popular: 10,
  user: 10,
  author: 8,
  feed: 4,
  create: 2,
  keyed: 2,
  update: 4,
};

/** Where a request spent so long beside the database, it waited for Redis, which is given 250 ms. */
const WAITED_MS = 200;
const BREAKER_MS = 1000;
const RECOVERY_MS = 10_000;

/** What public reads owe a cache that is out of reach: nothing. */
export function judgeReads(records: readonly Sent[], rig: Rig, leastLimitMs: number): Check[] {
  const { broken = 0, back = 0 } = rig.marks;
  const reads = during(records, JUDGED, PUBLIC_READS);
  const baseline = baselineP99(records);
  const limit = Math.max(5 * baseline, leastLimitMs);
  return [
    noneFailed('reads', 'public reads', reads),
    noneFailed('writes', 'writes', during(records, JUDGED, WRITES)),
    atMost(
      'p99',
      `public reads without the cache: p99 ≤ 5 × ${baseline.toFixed(1)} ms, or ${leastLimitMs} ms`,
      p99(during(records, ['fault'], PUBLIC_READS)),
      limit,
      'ms',
    ),
    breaker(reads, broken, back),
    recovery(records, back),
  ];
}

/** Time that a request took in the app beside the database, in milliseconds. */
export function besideDatabaseMs({ timing }: Sent): number {
  const { appMs = 0, dbMs = 0 } = readServerTiming(timing);
  return appMs - dbMs;
}

/** An open breaker lets one call through a second, to see whether Redis is back. */
function breaker(reads: readonly Sent[], broken: number, back: number): Check {
  const later = reads.filter(({ at }) => at >= broken + BREAKER_MS && at < back);
  const waited = later.filter((read) => besideDatabaseMs(read) > WAITED_MS).length;
  const allowed = Math.ceil((back - broken) / 1000);
  return {
    id: 'breaker',
    criterion: 'breaker open within 1 s: from then on at most one read a second waits for Redis',
    value: `${waited} of ${later.length} in ${allowed} s`,
    passed: later.length > 0 && waited <= allowed,
  };
}

/** Compared with the steady phase, in which a cache that was empty at the start has been filled for as long. */
function recovery(records: readonly Sent[], back: number): Check {
  const before = hitRatio(during(records, ['steady'], PUBLIC_READS));
  const last = during(records, ['fault', 'healed'], PUBLIC_READS).filter(
    ({ at }) => at >= back + RECOVERY_MS / 2 && at < back + RECOVERY_MS,
  );
  const after = hitRatio(last);
  const percent = (ratio: number) => `${(100 * ratio).toFixed(0)} %`;
  return {
    id: 'hits',
    criterion: 'hit ratio 5 to 10 s after Redis is back ≥ 90 % of that before',
    value: `${percent(after)}, before ${percent(before)}`,
    passed: after >= 0.9 * before,
  };
}
