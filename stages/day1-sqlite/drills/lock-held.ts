import {
  atMost,
  baselineP99,
  type Drill,
  during,
  JUDGED,
  noneFailed,
  PUBLIC_READS,
  p99,
  WRITES,
} from '@day90/bench/drill';
import Database from 'better-sqlite3';

const HELD_MS = 3000;
/** Twice a baseline of a few milliseconds would judge the scheduler of a busy machine. A driver that waits is at 3,000 ms. */
const LEAST_LIMIT_MS = 100;

/** A write waits beside the event loop for a lock that another process holds, so that no read waits with it. */
export const lockHeld: Drill = {
  number: 2,
  slug: 'lock-held',
  stage: 'stage-1',
  title: 'a second writer holds the write lock of the file for 3 s',
  expects: [
    '0 failed: a write waits for the lock, up to 5 s',
    'reads: p99 at most 2 × that before, or 100 ms where that is less',
  ],
  topology: 'src/topology.ts',
  rate: 120,
  mix: { post: 80, feed: 10, popular: 5, user: 5, create: 8, keyed: 7, update: 5 },
  faultSeconds: 4,
  async fault(rig) {
    const other = new Database(`${rig.data}/day90.sqlite`, { timeout: 0 });
    try {
      await rig.until('the second writer gets the lock', 5000, () => begins(other));
      rig.mark('locked');
      await rig.sleep(HELD_MS);
      other.exec('ROLLBACK');
      rig.mark('unlocked');
    } finally {
      other.close();
    }
  },
  async heal() {
    // The lock is free again; who waited for it goes on unasked.
  },
  judge(records) {
    const baseline = baselineP99(records);
    const reads = during(records, ['fault'], PUBLIC_READS);
    const limit = Math.max(2 * baseline, LEAST_LIMIT_MS);
    const waited = during(records, ['fault'], WRITES).filter(({ at, end = at }) => end - at > HELD_MS / 10);
    return [
      noneFailed('all', 'requests of all kinds', during(records, JUDGED)),
      atMost(
        'reads',
        `reads while it is locked: p99 ≤ 2 × ${baseline.toFixed(1)} ms, or 100 ms`,
        p99(reads),
        limit,
        'ms',
      ),
      // Else nothing was in the way of anybody, and the drill would be of nothing.
      { id: 'waited', criterion: 'some write did wait', value: String(waited.length), passed: waited.length > 0 },
    ];
  },
  mutation: {
    title: 'waits in the driver (busy_timeout 5000), and with it the whole process',
    topology: 'drills/driver-waits/topology.ts',
    breaks: ['reads'],
  },
};

function begins(db: Database.Database): boolean {
  try {
    db.exec('BEGIN IMMEDIATE');
    return true;
  } catch {
    return false; // the app is writing at this moment
  }
}
