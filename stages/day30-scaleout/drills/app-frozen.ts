import {
  atMost,
  type Check,
  type Drill,
  during,
  JUDGED,
  latencies,
  noneFailed,
  PUBLIC_READS,
  type Rig,
  type Sent,
} from '@day90/bench/drill';
import { askByTurns, postsByTurns, type Turn } from './by-turns.ts';

const BOX = 'app-2';
const FROZEN_MS = 6000;
/** `proxy_read_timeout` in nginx.conf, after which another box is asked. */
const READ_TIMEOUT_MS = 5000;
/** Nothing else takes a request so long here. */
const SLOW_MS = 1000;
const MOST_SLOW = 10;
/** From SIGCONT to the second SIGSTOP: the app has its backlog behind it. */
const BETWEEN_MS = 3000;

/** A box that takes requests and answers none is worse than a dead one: only the clock tells. */
export const appFrozen: Drill = {
  number: 9,
  slug: 'app-frozen',
  stage: 'stage-3',
  title: 'SIGSTOP of one of 3 apps for 6 s under load: its port stays open and nothing is answered',
  expects: [
    'GET: 0 failed, none takes longer than proxy_read_timeout + 200 ms',
    `at most ${MOST_SLOW} slow requests by least_conn; those by round robin are shown beside`,
    'POST with an Idempotency-Key: 0 failed, and exactly one row each',
  ],
  topology: 'drills/round-robin-topology.ts',
  rate: 90,
  mix: { post: 55, feed: 5, popular: 8, user: 7, me: 8, create: 4, keyed: 10, update: 3 },
  faultSeconds: 16,
  async fault(rig) {
    rig.mark('frozen');
    rig.signal(BOX, 'SIGSTOP');
    await rig.sleep(FROZEN_MS);
    rig.signal(BOX, 'SIGCONT');
    rig.mark('thawed');
    await rig.sleep(BETWEEN_MS);
    rig.mark('frozen again');
    rig.signal(BOX, 'SIGSTOP');
    const turns = await askByTurns(rig, FROZEN_MS);
    rig.signal(BOX, 'SIGCONT');
    keepFacts(rig, await Promise.all(turns));
  },
  async heal() {
    // It goes on where it stood still.
  },
  async judge(records, rig) {
    const reads = during(records, JUDGED, [...PUBLIC_READS, 'me']);
    return [
      noneFailed('reads', 'GET', reads),
      atMost(
        'longest',
        'longest GET ≤ proxy_read_timeout + 200 ms',
        Math.max(...latencies(reads)),
        READ_TIMEOUT_MS + 200,
        'ms',
      ),
      noneFailed('keyed', 'POST with a key', during(records, JUDGED, ['keyed'])),
      await postsByTurns(rig),
      ...slow(records, rig),
    ];
  },
  mutation: {
    title: 'waits for a silent app as long as nginx does by itself: 60 s',
    topology: 'drills/patient-nginx-topology.ts',
    breaks: ['longest'],
  },
};

function keepFacts({ facts }: Rig, turns: readonly Turn[]): void {
  facts['sent by turns'] = turns.length;
  facts['slow by turns'] = turns.filter(({ ms }) => ms > SLOW_MS).length;
  facts['posts answered by turns'] = turns.filter(({ isPost, asAsked }) => isPost && asAsked).length;
}

function slow(records: readonly Sent[], { marks, facts }: Rig): Check[] {
  const { frozen = 0, thawed = 0 } = marks;
  const met = records.filter(({ at }) => at >= frozen && at < thawed);
  const count = met.filter(({ at, end = at }) => end - at > SLOW_MS).length;
  const byTurns = facts['slow by turns'] ?? Number.NaN;
  return [
    atMost(
      'slow',
      `requests slower than ${SLOW_MS / 1000} s by least_conn: at most ${MOST_SLOW}`,
      count,
      MOST_SLOW,
      `of ${met.length}`,
    ),
    {
      id: 'beside',
      criterion: 'by round robin, which does not see that a box answers none: more',
      value: `${byTurns} of ${facts['sent by turns']}`,
      passed: byTurns > count,
    },
  ];
}
