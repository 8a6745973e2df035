import type { Drill } from '@day90/bench/drill';
import { CACHED_MIX, judgeReads } from './cached-reads.ts';

const DOWN_MS = 6000;

/** Nothing public depends on the cache: the database answers while it is gone. */
export const cacheKilled: Drill = {
  number: 3,
  slug: 'cache-killed',
  stage: 'stage-2',
  title: 'kill -9 of the cache under load; it stays down for 6 s and comes back empty',
  expects: [
    'public reads: 0 failed, p99 at most 5 × that before, or 250 ms where that is less',
    'writes: 0 failed, and nobody reads an old value afterwards',
    'breaker open within 1 s',
    'hit ratio back to 90 % of that before within 10 s',
  ],
  topology: 'src/topology.ts',
  rate: 150,
  mix: CACHED_MIX,
  // The last of the healed phase is what the recovery is judged by.
  phases: { healed: 11 },
  faultSeconds: 7,
  async fault(rig) {
    rig.instance.hold('cache');
    rig.mark('broken');
    await rig.kill('cache');
    await rig.sleep(DOWN_MS);
  },
  async heal(rig) {
    rig.instance.release('cache');
    await rig.restarted('cache', 0, 10_000);
    rig.mark('back');
  },
  judge: (records, rig) => judgeReads(records, rig, 250),
  mutation: {
    title:
      'waits for Redis as its client does by itself: no deadline, no breaker, commands kept until there is a connection',
    topology: 'drills/waits-for-redis/topology.ts',
    breaks: ['p99', 'reads'],
  },
};
