import type { Drill } from '@day90/bench/drill';
import { failoverChecks } from './failover-checks.ts';
import { losePrimary } from './lose-primary.ts';

/** What the primary has acknowledged since the cut is lost, unless it has acknowledged nothing that no replica had. */
export const primaryKilled: Drill = {
  number: 17,
  slug: 'primary-killed',
  stage: 'stage-4',
  title: 'replicas cut off for 1.5 s, then kill -9 of the primary under writes, and a failover',
  expects: [
    'commits wait for a replica (--sync=any-1): every acknowledged write is there exactly once',
    'never two that take writes: the old primary comes back as a replica',
    'errors are 503 and nothing else, and end within a second of the promotion',
    'writes go on within 5 s of the promotion, and no app is started again',
  ],
  topology: 'drills/sync-topology.ts',
  // Else the books would be compared with what the cache remembers.
  env: { app: { CACHE_POST_SECONDS: '1' } },
  rate: 50,
  mix: { post: 10, feed: 30, create: 30, keyed: 20, update: 10 },
  faultSeconds: 20,
  unavailable: 'unknown', // it may have been committed, and have waited for a replica
  fault: (rig) =>
    losePrimary(rig, [
      { node: 'db-2', forMs: 0 },
      { node: 'db-3', forMs: 1500 },
    ]),
  async heal() {
    // The old primary was made anew by the failover, and follows.
  },
  judge: failoverChecks,
  mutation: {
    title: 'acknowledges what no replica has: commits that wait for nobody, as Postgres has it by itself',
    topology: 'src/topology.ts',
    breaks: ['acked'],
  },
};
