import { atMost, type Check, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { countLost } from './login-attempts.ts';
import { emptyDisk, fillDisk, withoutSmallDisk } from './small-disk.ts';
import { cookieOf, type Heard, Visitor } from './visitor.ts';

const FULL_MS = 8000;
/** Until the first one is refused: the page that was begun has room for some. */
const LOGIN_EVERY_MS = 400;
/** From then on: each takes 30 ms of a box that has 4 of every 20 ms. */
const REFUSED_EVERY_MS = 1500;
const RECOVERY_MS = 2000;
const GUEST = 9;

let refused: Heard[];
let backMs: number;

/** A store that can't write a session down takes none, and goes on to say who is logged in. */
export const sessionDiskFull: Drill = {
  number: 23,
  slug: 'session-disk-full',
  stage: 'stage-3',
  title: 'the disk of the session store full for 8 s, under load',
  expects: [
    'who is logged in stays so: 0 failed; public reads, too',
    'logins: 503 with Retry-After from when nothing can be appended, and none accepted whose session is not kept',
    'the store does not end, and takes logins within 2 s once there is room',
  ],
  topology: 'drills/small-session-disk-topology.ts',
  rate: 40,
  mix: { post: 30, feed: 10, me: 30, create: 5, keyed: 5, update: 5 },
  faultSeconds: 12,
  skip: withoutSmallDisk,
  async fault(rig) {
    const cookies: string[] = [];
    refused = [];
    fillDisk(rig, 'sessions');
    const until = rig.now() + FULL_MS;
    while (rig.now() < until) {
      const heard = await new Visitor(rig, GUEST).logIn();
      if (heard.status === 200) cookies.push(cookieOf(heard) ?? '');
      else refused.push(heard);
      await rig.sleep(refused.length === 0 ? LOGIN_EVERY_MS : REFUSED_EVERY_MS);
    }
    emptyDisk(rig, 'sessions');
    backMs = await firstLogin(rig);
    rig.facts['logins accepted'] = cookies.length;
    rig.facts['accepted and lost'] = cookies.filter((cookie) => cookie === '').length;
    await countLost(rig, cookies);
  },
  async heal() {
    // There is room again.
  },
  judge(records, rig) {
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      noneFailed('members', 'what members do', during(records, JUDGED, ['me', 'create', 'keyed', 'update'])),
      refusals(),
      atMost('kept', 'accepted logins without their session: 0', rig.facts['accepted and lost'] ?? Number.NaN, 0, ''),
      atMost('back', 'a login is accepted again after ≤ 2 s', backMs, RECOVERY_MS, 'ms'),
    ];
  },
  mutation: {
    title:
      'syncs each write (appendfsync always), as is often said to be the safe way: it ends where it can write nothing',
    topology: 'drills/small-session-disk-always-topology.ts',
    breaks: ['members'],
  },
};

/** @returns Milliseconds until it was accepted; infinite when it was not within ten seconds. */
async function firstLogin(rig: Rig): Promise<number> {
  const began = rig.now();
  while (rig.now() < began + 10_000) {
    if ((await new Visitor(rig, GUEST).logIn()).status === 200) return rig.now() - began;
    await rig.sleep(LOGIN_EVERY_MS);
  }
  return Number.POSITIVE_INFINITY;
}

function refusals(): Check {
  const others = refused.filter(({ status, headers }) => status !== 503 || !headers.has('retry-after'));
  return {
    id: 'refused',
    criterion: 'logins that are refused: 503 with Retry-After',
    value: [`${others.length} of ${refused.length} are not`, ...new Set(others.map(({ status }) => status))].join(', '),
    passed: refused.length > 0 && others.length === 0,
  };
}
