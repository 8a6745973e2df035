import { atMost, type Check, type Drill, during, JUDGED, PUBLIC_READS, type Rig, type Sent } from '@day90/bench/drill';
import { besideDatabaseMs, CACHED_MIX, judgeReads } from './cached-reads.ts';

const FROZEN_MS = 10_000;
const LONGEST_MS = 300;
const AFTERWARDS_MS = 1000;

/** A Redis that takes connections and commands and answers none is worse than one that is gone, and costs no more. */
export const cacheFrozen: Drill = {
  number: 4,
  slug: 'cache-frozen',
  stage: 'stage-2',
  title: 'SIGSTOP of the cache for 10 s under load: its port stays open and nothing is answered',
  expects: [
    'public reads: 0 failed, p99 at most 5 × that before, or 300 ms where that is less',
    'no public read takes more than 300 ms because of Redis',
    'writes: 0 failed, and nobody reads an old value afterwards',
    'breaker open within 1 s',
    '1 s after SIGCONT no request from before waits any more',
    'hit ratio back to 90 % of that before within 10 s',
  ],
  topology: 'src/topology.ts',
  rate: 150,
  mix: CACHED_MIX,
  phases: { healed: 11 },
  faultSeconds: 10,
  async fault(rig) {
    rig.mark('broken');
    rig.signal('cache', 'SIGSTOP');
    await rig.sleep(FROZEN_MS);
  },
  async heal(rig) {
    rig.signal('cache', 'SIGCONT');
    rig.mark('back');
  },
  judge: (records, rig) => [
    // Those that come before the breaker opens wait for the 250 ms that Redis is given, and for the database after that:
    // a quarter of a second of ten seconds is more than the one percent above a p99.
    ...judgeReads(records, rig, LONGEST_MS),
    longest(records),
    stillWaiting(records, rig),
  ],
  mutation: {
    title:
      'waits for Redis as its client does by itself: no deadline, no breaker, commands kept until there is a connection',
    topology: 'drills/waits-for-redis/topology.ts',
    breaks: ['p99', 'longest'],
  },
};

function longest(records: readonly Sent[]): Check {
  const waits = during(records, JUDGED, PUBLIC_READS).map(besideDatabaseMs);
  const criterion = 'longest time of a public read in the app beside the database ≤ 300 ms';
  return atMost('longest', criterion, Math.max(...waits), LONGEST_MS, 'ms');
}

function stillWaiting(records: readonly Sent[], rig: Rig): Check {
  const { back = 0 } = rig.marks;
  const waiting = records.filter(
    ({ at, end = Number.POSITIVE_INFINITY }) => at < back && end > back + AFTERWARDS_MS,
  ).length;
  return atMost('pending', 'requests from before SIGCONT that wait 1 s after it: 0', waiting, 0, '');
}
