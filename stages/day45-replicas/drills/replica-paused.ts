import { atMost, type Check, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { logInMany } from '@day90/testing/members';
import { type Pairs, writeAndRead } from '../claims/own-writes/write-and-read.ts';
import { askNode } from './as-operator.ts';
import { Onlooker } from './onlooker.ts';

const PAUSED = 'db-3';
const NAME = 'replica-3';
const PAUSE_MS = 10_000;
const PAIRS = 5_000;
/** So many the heaps of the boxes have grown to what the rest asks of them. */
const REHEARSED = 1_000;
const MEMBERS = 8;
/** REPLICA_MAX_LAG_MS, and the two seconds that it may take from there. */
const LONGEST_IN_ROTATION_MS = 1000 + 2000;
const LONGEST_WAY_BACK_MS = 5000;
const LOOK_EVERY_MS = 50;

/** A replica that stands still knows of nothing that it lacks: it must be found by others, and nobody may notice. */
export const replicaPaused: Drill = {
  number: 15,
  slug: 'replica-paused',
  stage: 'stage-4',
  title: 'replay held up on one of two replicas for 10 s and more, under write-and-read pairs',
  expects: [
    'own writes: each of 5,000 is shown to its author at once',
    'no page goes back in time for whoever loads it again',
    'the replica is out of rotation within 2 s of the largest lag (1 s), and comes back by itself',
    'public reads and writes: 0 failed',
  ],
  topology: 'src/topology.ts',
  rate: 30,
  mix: { post: 10, feed: 40, popular: 5, user: 5, create: 15, keyed: 15, update: 10 },
  faultSeconds: 20,
  async rehearse(rig) {
    // Five thousand pairs in half a minute are more than boxes of a fifth of a core can do.
    for (const { name } of rig.instance.ready.boxes) rig.instance.setCpu(name, undefined);
    await writePairs(rig, REHEARSED);
  },
  async fault(rig) {
    const onlooker = new Onlooker(rig);
    rig.mark('paused');
    const pausedAt = rig.now();
    await askNode(rig, PAUSED, 'SELECT pg_wal_replay_pause()');
    const pairs = await writePairs(rig, PAIRS);
    await rig.sleep(Math.max(0, pausedAt + PAUSE_MS - rig.now()));
    const resumedAt = rig.mark('resumed');
    await askNode(rig, PAUSED, 'SELECT pg_wal_replay_resume()');
    const isBack = () => Number.isFinite(onlooker.first(NAME, resumedAt));
    while (!isBack() && rig.now() < resumedAt + LONGEST_WAY_BACK_MS) await rig.sleep(LOOK_EVERY_MS);
    await onlooker.end();
    Object.assign(rig.facts, {
      ...{ pairs: pairs.asked, 'own writes not shown': pairs.stale, 'pages that went back': pairs.backwards },
      'last read of the paused replica': onlooker.last(NAME, pausedAt, resumedAt) - pausedAt,
      'first read of it again': onlooker.first(NAME, resumedAt) - resumedAt,
    });
  },
  async heal() {
    // It has caught up, and is read again, unasked.
  },
  judge(records, rig) {
    return [
      ...pairChecks(rig),
      atMost(
        'rotation',
        `the paused replica is read for ≤ ${LONGEST_IN_ROTATION_MS / 1000} s`,
        rig.facts['last read of the paused replica'] ?? Number.NaN,
        LONGEST_IN_ROTATION_MS,
        'ms',
      ),
      atMost(
        'back',
        'it is read again ≤ 5 s after it goes on',
        rig.facts['first read of it again'] ?? Number.NaN,
        LONGEST_WAY_BACK_MS,
        'ms',
      ),
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      noneFailed('writes', 'writes', during(records, JUDGED, ['create', 'keyed', 'update'])),
    ];
  },
  mutation: {
    title: 'reads a replica at random, as is usually taught',
    topology: 'src/random/topology.ts',
    breaks: ['own-writes', 'rotation'],
  },
};

async function writePairs({ instance }: Rig, pairs: number): Promise<Pairs> {
  const cookies = await logInMany(instance.url, MEMBERS);
  const { signal } = new AbortController(); // the runner ends a fault that takes too long
  return writeAndRead({ url: instance.url, cookies, pairs, signal, progress: async () => {} });
}

function pairChecks({ facts }: Rig): Check[] {
  const { pairs = 0, 'own writes not shown': stale = Number.NaN, 'pages that went back': back = Number.NaN } = facts;
  return [
    { id: 'pairs', criterion: `pairs ≥ ${PAIRS}`, value: String(pairs), passed: pairs >= PAIRS },
    atMost('own-writes', 'own writes not shown: 0', stale, 0, ''),
    atMost('monotonic', 'pages that went back in time: 0', back, 0, ''),
  ];
}
