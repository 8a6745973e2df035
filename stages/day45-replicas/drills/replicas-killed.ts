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
import { askNode } from './as-operator.ts';

const DOWN_MS = 4000;
const LONGEST_OUTAGE_MS = 20_000;
/** Below this a p99 of some milliseconds is the machine's own noise. */
const LEAST_LIMIT_MS = 60;

/** Reads go to whoever is left, in the end to the primary alone, and nobody is told. */
export const replicasKilled: Drill = {
  number: 16,
  slug: 'replicas-killed',
  stage: 'stage-4',
  title: 'kill -9 of one replica, then of both, which stay down for 4 s',
  expects: [
    'reads: 0 failed, from the other replica and then from the primary',
    'writes: 0 failed',
    'p99 of public reads at most 3 × that before, or 60 ms where that is less',
    'both replicas follow again by themselves',
  ],
  topology: 'src/topology.ts',
  // Else most reads would be the cache's.
  env: { app: { CACHE_POST_SECONDS: '1', CACHE_USER_SECONDS: '1' } },
  rate: 50,
  mix: { post: 20, feed: 40, user: 10, author: 10, create: 10, keyed: 5, update: 5 },
  faultSeconds: 20,
  async fault(rig) {
    const { pid } = rig.instance.box('db-2');
    rig.mark('one killed');
    await rig.kill('db-2');
    await rig.restarted('db-2', pid, LONGEST_OUTAGE_MS);
    rig.mark('both killed');
    for (const node of ['db-2', 'db-3']) rig.instance.hold(node);
    await Promise.all(['db-2', 'db-3'].map((node) => rig.kill(node)));
    await rig.sleep(DOWN_MS);
    rig.mark('released');
    for (const node of ['db-2', 'db-3']) rig.instance.release(node);
    await rig.until('both replicas follow again', LONGEST_OUTAGE_MS, async () => {
      const [row] = await askNode<{ count: string }>(rig, 'db-1', 'SELECT count(*) FROM pg_stat_replication');
      return row?.count === '2';
    });
    rig.facts['replicas that follow'] = 2;
  },
  async heal() {
    // They go on from where they were, unasked.
  },
  judge(records, rig) {
    const baseline = Math.max(baselineP99(records), LEAST_LIMIT_MS / 3);
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      noneFailed('writes', 'writes', during(records, JUDGED, WRITES)),
      atMost(
        'p99',
        `public reads: p99 ≤ 3 × ${baseline.toFixed(1)} ms`,
        p99(during(records, ['fault'], PUBLIC_READS)),
        3 * baseline,
        'ms',
      ),
      atMost('follow', 'replicas that do not follow again: 0', 2 - (rig.facts['replicas that follow'] ?? 0), 0, ''),
    ];
  },
  mutation: {
    title: 'reads a replica at random, as is usually taught, and no other when that is gone',
    topology: 'src/random/topology.ts',
    breaks: ['reads'],
  },
};
