import {
  atMost,
  type Check,
  type Drill,
  during,
  JUDGED,
  type Kind,
  noneFailed,
  PUBLIC_READS,
  type Rig,
  readServerTiming,
  type Sent,
} from '@day90/bench/drill';
import { countLost, judgeLogins, keepsLoggingIn, logsIn } from './login-attempts.ts';

const DOWN_MS = 5000;
const RECOVERY_MS = 2000;
const ANSWER_MS = 300;
/** Whatever can't be answered without a session. */
const PROTECTED: readonly Kind[] = ['me', 'create', 'keyed', 'update'];
/** How it breaks and comes back, by the names of the moments. */
const OUTAGES = [
  { broken: 'killed', mending: 'released', back: 'up again', next: 'frozen' },
  { broken: 'frozen', mending: 'thawed', back: 'thawed', next: 'end' },
] as const;

/** Without its session nobody is anybody: a member hears that soon and plainly, and who only reads does not notice. */
export const sessionsDown: Drill = {
  number: 10,
  slug: 'sessions-down',
  stage: 'stage-3',
  title: 'kill -9 of the session store for 5 s, then SIGSTOP for 5 s, under load',
  expects: [
    'public reads: 0 failed',
    'what needs a session: 503 with Retry-After within 300 ms, never a 500, never taken for logged out',
    'no login is accepted whose session is not stored',
    'whole again within 2 s once the store is back',
  ],
  topology: 'src/topology.ts',
  rate: 90,
  mix: { post: 35, popular: 5, user: 10, feed: 5, me: 30, create: 5, keyed: 5, update: 5 },
  faultSeconds: 15,
  async fault(rig) {
    rig.instance.hold('sessions');
    const before = logsIn(rig);
    await rig.sleep(100); // a login is under way when it dies
    await rig.kill('sessions');
    rig.mark('killed');
    const cookies = [await before, ...(await keepsLoggingIn(rig, DOWN_MS))];
    rig.mark('released');
    rig.instance.release('sessions');
    await rig.restarted('sessions', 0, 10_000);
    rig.mark('up again');
    await rig.sleep(RECOVERY_MS + 1000);
    rig.signal('sessions', 'SIGSTOP');
    rig.mark('frozen');
    cookies.push(...(await keepsLoggingIn(rig, DOWN_MS)));
    rig.mark('thawed');
    rig.signal('sessions', 'SIGCONT');
    await rig.sleep(RECOVERY_MS);
    await countLost(rig, cookies);
  },
  async heal() {
    // It is whole already: who logged in meanwhile was asked for above.
  },
  judge(records, rig) {
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      ...OUTAGES.flatMap((outage) => judgeOutage(records, rig, outage)),
      nothingElse(records),
      judgeLogins(rig),
    ];
  },
  mutation: {
    title: 'keeps its sessions as is usual: connect-redis on a client without deadlines, which waits for its Redis',
    topology: 'drills/stock-sessions/topology.ts',
    breaks: ['refused-killed', 'refused-frozen', 'soon-killed', 'soon-frozen'],
  },
};

function judgeOutage(records: readonly Sent[], rig: Rig, { broken, mending, back, next }: (typeof OUTAGES)[number]) {
  const at = (name: string) => rig.marks[name] ?? Number.POSITIVE_INFINITY;
  const asked = during(records, ['fault', 'healed'], PROTECTED);
  // Who asks at the very end may be answered by a store that is back.
  const met = asked.filter((one) => one.at >= at(broken) && one.at < at(mending) - ANSWER_MS);
  const refused = met.filter(({ status, retryAfter }) => status === 503 && retryAfter !== undefined);
  const others = [...new Set(met.filter((one) => !refused.includes(one)).map(({ why, status }) => why ?? status))];
  const later = asked.filter((one) => one.at >= at(back) && (one.end ?? Number.POSITIVE_INFINITY) < at(next));
  const last = Math.max(at(back), ...later.filter(({ outcome }) => outcome !== 'ok').map((one) => one.at));
  return [
    {
      id: `refused-${broken}`,
      criterion: `${broken}: what needs a session is answered 503 with Retry-After`,
      value: [`${refused.length} of ${met.length}`, ...others].join(', '),
      passed: met.length > 0 && refused.length === met.length,
    },
    soon(broken, met),
    atMost(`back-${broken}`, `after that the last refusal ≤ 2 s`, last - at(back), RECOVERY_MS, 'ms'),
  ];
}

/** With the app's own part of the slowest one: what lies beside it was spent on the way, or by a machine that is busy. */
function soon(broken: string, met: readonly Sent[]): Check {
  const took = ({ at, end = Number.POSITIVE_INFINITY }: Sent) => end - at;
  const [slowest] = met.toSorted((a, b) => took(b) - took(a));
  const ms = slowest ? took(slowest) : Number.NaN;
  const inApp = (readServerTiming(slowest?.timing).appMs ?? 0).toFixed(0);
  const late = met.filter((one) => took(one) > ANSWER_MS).length;
  return {
    id: `soon-${broken}`,
    criterion: `${broken}: each within ${ANSWER_MS} ms`,
    value: `${late} later; longest ${ms.toFixed(0)} ms, of which in the app ${inApp}`,
    passed: ms <= ANSWER_MS,
  };
}

/** A 401 would send everybody to log in again, who could not; a 200 would be nobody's. */
function nothingElse(records: readonly Sent[]): Check {
  const asked = during(records, JUDGED, PROTECTED);
  const wrong = asked.filter(({ status, outcome }) => status !== 503 && outcome !== 'ok');
  const value = [`${wrong.length} of ${asked.length}`, ...new Set(wrong.map(({ why }) => why))].join(', ');
  const criterion = 'what needs a session is answered as asked or 503, and nothing else';
  return { id: 'nothing-else', criterion, value, passed: wrong.length === 0 && asked.length > 0 };
}
