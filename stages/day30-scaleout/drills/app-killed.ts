import {
  atMost,
  baselineP99,
  type Check,
  type Drill,
  during,
  JUDGED,
  noneFailed,
  PUBLIC_READS,
  p99,
  type Rig,
  type Sent,
} from '@day90/bench/drill';
import { nginxLog } from './nginx-log.ts';

/** One after the other, each when the one before is at work again. */
const KILLED = ['app-1', 'app-2', 'app-3'];
/** The launcher waits for 1 s before a restart; a start takes some more. */
const LONGEST_OUTAGE_MS = 15_000;
/** `fail_timeout` in the topology, and a second. */
const LONGEST_WAY_BACK_MS = 2000 + 1000;

/** What may be sent twice is asked of another box at once, so that nobody notices that one died. */
export const appKilled: Drill = {
  number: 7,
  slug: 'app-killed',
  stage: 'stage-3',
  title: 'kill -9 of one of 3 apps under load, each in its turn',
  expects: [
    'GET, and PUT with If-Match: 0 failed',
    'POST with an Idempotency-Key: 0 failed, and exactly one row each',
    'POST without one: no more failed than the box had in hand',
    'p99 at most 3 × that before',
    'a box is in rotation again within fail_timeout + 1 s after it is ready',
  ],
  topology: 'drills/far-database-topology.ts',
  rate: 60,
  mix: { post: 40, feed: 4, popular: 6, user: 6, me: 8, create: 6, keyed: 24, update: 6 },
  faultSeconds: 15,
  async fault(rig) {
    for (const box of KILLED) {
      const { pid, port = 0 } = rig.instance.box(box);
      rig.facts[`port of ${box}`] = port;
      rig.mark(`${box} killed`);
      await rig.kill(box);
      rig.mark(`${box} dead`);
      const { readyAt } = await rig.restarted(box, pid, LONGEST_OUTAGE_MS);
      rig.mark(`${box} ready`, readyAt);
      await rig.sleep(LONGEST_WAY_BACK_MS);
    }
  },
  async heal() {
    // The launcher has started them again, unasked.
  },
  judge(records, rig) {
    const judged = (...kinds: Sent['kind'][]) => during(records, JUDGED, kinds);
    const baseline = baselineP99(records);
    return [
      noneFailed('reads', 'GET', judged(...PUBLIC_READS, 'me')),
      noneFailed('updates', 'PUT with If-Match', judged('update')),
      noneFailed('keyed', 'POST with a key', judged('keyed')),
      inHand(judged('create'), rig),
      atMost(
        'p99',
        `public reads: p99 ≤ 3 × ${baseline.toFixed(1)} ms`,
        p99(during(records, ['fault'], PUBLIC_READS)),
        3 * baseline,
        'ms',
      ),
      ...KILLED.map((box) => backInRotation(records, rig, box)),
    ];
  },
  mutation: {
    title: 'sends a POST to one box only, also where a key makes it safe to ask another',
    topology: 'drills/never-twice-topology.ts',
    breaks: ['keyed'],
  },
};

/** Of the POSTs that nobody may send twice, those are lost that the box had when it died. nginx knows how many. */
function inHand(creates: readonly Sent[], rig: Rig): Check {
  const log = nginxLog(rig);
  const had = KILLED.map((box) => {
    const port = rig.facts[`port of ${box}`];
    const [killed = 0, dead = 0] = [rig.marks[`${box} killed`], rig.marks[`${box} dead`]];
    return log.filter((one) => one.tries.some((box) => box.port === port) && one.from <= dead && one.to >= killed)
      .length;
  });
  const all = had.reduce((sum, count) => sum + count);
  const failed = creates.filter(({ outcome }) => outcome === 'failed').length;
  return {
    id: 'in-hand',
    criterion: 'POST without a key: failed ≤ requests in the hands of the killed boxes',
    value: `${failed} of ${creates.length}, in hand ${had.join(' + ')}`,
    passed: failed <= all,
  };
}

function backInRotation(records: readonly Sent[], rig: Rig, box: string): Check {
  const ready = rig.marks[`${box} ready`] ?? Number.NaN;
  const first = records.find((record) => record.box === box && record.at >= ready);
  return atMost(
    `back-${box}`,
    `${box} in rotation ≤ fail_timeout + 1 s after it is ready`,
    (first?.at ?? Number.NaN) - ready,
    LONGEST_WAY_BACK_MS,
    'ms',
  );
}
