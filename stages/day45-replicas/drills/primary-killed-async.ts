import type { Audit, Check, Drill, Rig } from '@day90/bench/drill';
import { failoverChecks } from './failover-checks.ts';
import { type Cut, losePrimary } from './lose-primary.ts';

const BEHIND = 'db-2';
const AHEAD = 'db-3';
const CUTS: Cut[] = [
  { node: BEHIND, forMs: 1500 },
  { node: AHEAD, forMs: 1500 },
];
/** What was acknowledged so shortly before the cut may still have been on its way. */
const ON_ITS_WAY_MS = 100;
/**
 * No write takes less of the log: the record of its commit alone has a header of 24 bytes, 2 of what follows, a time of 8,
 * and is filled up to a multiple of 8.
 * See `XLogRecord` in `src/include/access/xlogrecord.h` of Postgres 18.
 */
const LEAST_BYTES = 40;

/** Nothing can save what only the dead one had. It must be no more than that, and be said. */
export const primaryKilledAsync: Drill = {
  number: 17,
  slug: 'primary-killed-async',
  stage: 'stage-4',
  title: 'one replica cut off for 3 s, the other for 1.5 s, then kill -9 of the primary under writes, and a failover',
  expects: [
    'commits wait for nobody (--sync=off): lost is what was acknowledged after the last replica was cut off, and nothing else',
    'the failover says how much of the log did not get over, and no more writes are lost than fit in there',
    'never two that take writes: the old primary comes back as a replica',
    'errors are 503 and nothing else, and end within a second of the promotion',
    'writes go on within 5 s of the promotion, and no app is started again',
  ],
  topology: 'src/topology.ts',
  // Else the books would be compared with what the cache remembers.
  env: { app: { CACHE_POST_SECONDS: '1' } },
  rate: 50,
  mix: { post: 10, feed: 30, create: 30, keyed: 20, update: 10 },
  faultSeconds: 20,
  unavailable: 'unknown', // it may have been committed by the one that died
  losesAcknowledged: true,
  fault: (rig) => losePrimary(rig, CUTS),
  async heal() {
    // The old primary was made anew by the failover, and follows.
  },
  judge: (records, rig, audit) => [...lossChecks(rig, audit), ...failoverChecks(records, rig)],
  mutation: {
    title: 'promotes a replica that answers, and not the one that has received the most',
    fault: (rig) => losePrimary(rig, CUTS, BEHIND),
    breaks: ['bounded'],
  },
};

function lossChecks({ marks, facts }: Rig, audit: Audit | undefined): Check[] {
  const lost = audit?.lost ?? [];
  const from = (marks[`${AHEAD} cut`] ?? Number.NaN) - ON_ITS_WAY_MS;
  const { promoted = Number.NaN } = marks;
  const within = lost.filter(({ answeredAt = Number.NaN }) => answeredAt >= from && answeredAt < promoted);
  const bytes = facts['bytes of log that did not get over'] ?? Number.NaN;
  return [
    {
      id: 'bounded',
      criterion: 'acknowledged writes that are lost: only those from the last cut to the promotion',
      value: audit
        ? `${lost.length} lost, ${lost.length - within.length} of them from before or after`
        : 'the posts could not be read',
      passed: audit !== undefined && within.length === lost.length,
    },
    {
      id: 'reported',
      criterion: `what is lost is said, and fits in there: some, of ${LEAST_BYTES} bytes of the log at least`,
      value: `${lost.length} lost, ${bytes.toLocaleString('en-US')} bytes of the log`,
      passed: lost.length > 0 && lost.length * LEAST_BYTES <= bytes,
    },
  ];
}
