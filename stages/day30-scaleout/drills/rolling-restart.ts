import {
  atMost,
  type Check,
  type Drill,
  during,
  JUDGED,
  noneFailed,
  PUBLIC_READS,
  type Rig,
  type Sent,
} from '@day90/bench/drill';
import { topology as stage } from '../src/topology.ts';
import { nginxLog } from './nginx-log.ts';

const PAUSE_MS = stage.boxes.app?.replicas?.rollPauseMs ?? 0;
const LONGEST_END_MS = 5000;
/** Until a box that does not end by itself is killed, and some more. */
const GIVEN_UP_MS = 15_000;
const ENDED = ' ended after';

/**
 * A new version is rolled out box by box, and nobody notices. Most of it is held twice: what may be sent twice is asked of
 * another box even when its own one cuts it off. Only that a box answers what it has begun saves all the rest.
 */
export const rollingRestart: Drill = {
  number: 8,
  slug: 'rolling-restart',
  stage: 'stage-3',
  title: 'SIGTERM and a new start of all 3 apps, one after the other',
  expects: [
    'GET: 0 failed',
    'POST with an Idempotency-Key: 0 failed, none twice',
    'each app ends with exit code 0 within 5 s',
    'each app answers what it has begun, POST without a key too',
    'nobody is logged out: the same session before and after',
  ],
  topology: 'drills/far-database-topology.ts',
  rate: 60,
  mix: { post: 30, feed: 4, popular: 6, user: 6, me: 10, create: 20, keyed: 20, update: 4 },
  faultSeconds: 15,
  async fault(rig) {
    await Promise.all([rig.instance.roll('app'), timeEach(rig)]);
  },
  async heal() {
    // Each box was started again by the roll.
  },
  judge(records, rig) {
    const judged = (...kinds: Sent['kind'][]) => during(records, JUDGED, kinds);
    return [
      noneFailed('reads', 'GET', judged(...PUBLIC_READS, 'me')),
      noneFailed('keyed', 'POST with a key', judged('keyed')),
      ends(rig),
      cutOff(judged('create'), rig),
      loggedOut(judged('me'), rig),
    ];
  },
  mutation: {
    title: 'exits as soon as SIGTERM comes',
    topology: 'drills/exit-at-once/topology.ts',
    breaks: ['cut'],
  },
};

/** Times each end from when the roll asks for it: when the box before is ready, and nginx has had time to take it back. */
async function timeEach(rig: Rig): Promise<void> {
  let asked = rig.now();
  for (const box of rig.instance.boxesOf('app')) {
    const { pid } = rig.instance.box(box);
    const isThere = () => rig.instance.ready.boxes.some((one) => one.name === box && one.pid === pid);
    await rig.until(`${box} ends`, GIVEN_UP_MS, () => !isThere());
    rig.facts[box + ENDED] = Math.round(rig.now() - asked);
    const { readyAt } = await rig.restarted(box, pid, GIVEN_UP_MS);
    asked = readyAt + PAUSE_MS;
  }
}

/** A roll goes on only after an exit code 0, and fails else: here all three had it. */
function ends({ facts }: Rig): Check {
  const took = Object.entries(facts).flatMap(([name, ms]) => (name.endsWith(ENDED) ? [ms] : []));
  return atMost(
    'ends',
    'each app ends with exit code 0 within 5 s: the slowest',
    Math.max(...took),
    LONGEST_END_MS,
    'ms',
  );
}

/** Seen from nginx, since a visitor does not see what was asked again. */
function cutOff(creates: readonly Sent[], rig: Rig): Check {
  const cut = nginxLog(rig).flatMap(({ tries }) =>
    tries.filter(({ connected, status }) => connected && status === 502),
  );
  const failed = creates.filter(({ outcome }) => outcome === 'failed').length;
  return {
    id: 'cut',
    // That one was sent in the very moment in which the box closed the connection: HTTP/1.1 has no goodbye.
    criterion: 'requests that an app took and did not answer: at most 1',
    value: `${cut.length}; of POST without a key ${failed} of ${creates.length} failed`,
    passed: cut.length <= 1,
  };
}

function loggedOut(asked: readonly Sent[], { members }: Rig): Check {
  const refused = asked.filter(({ status }) => status === 401).length;
  const again = members.filter(({ logins }) => logins > 1).length;
  return {
    id: 'sessions',
    criterion: 'nobody is logged out: the same session before and after',
    value: `${refused} of ${asked.length} refused, ${again} of ${members.length} members logged in again`,
    passed: refused === 0 && again === 0 && asked.length > 0,
  };
}
