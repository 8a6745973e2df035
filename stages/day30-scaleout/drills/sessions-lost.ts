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
import { secrets, workspaceRoot } from '@day90/infra';
import { createClient } from 'redis';
import { cutBack, lengthOf } from './append-only-file.ts';
import { Browsing, type Seen } from './browsing.ts';

/** Members with whom the load does nothing, each of them in one browser. */
const BROWSERS = 5;
const FIRST = 21;
/** What `appendfsync everysec` may cost. */
const PROMISED_MS = 1000;
const LATE_MS = 300;
const RECOVERY_MS = 2000;
const LOOKED_MS = 4000;

/** Sessions that are gone cost everybody one login and nothing else; those older than a second survive a crash. */
export const sessionsLost: Drill = {
  number: 11,
  slug: 'sessions-lost',
  stage: 'stage-3',
  title: 'FLUSHALL of the session store, and a crash of it that takes the last second of its file along',
  expects: [
    'public reads: 0 failed, and no 500 for anybody',
    'FLUSHALL: each user is answered 401 once, and is in again',
    'crash: all sessions older than 1 s are there; whose login was later is answered 401 once, and is in again',
  ],
  topology: 'src/topology.ts',
  rate: 80,
  mix: { post: 40, popular: 5, user: 15, feed: 5, me: 25, create: 4, keyed: 3, update: 3 },
  faultSeconds: 15,
  async fault(rig) {
    const browsers = Array.from({ length: BROWSERS }, (_, i) => new Browsing(rig, FIRST + i));
    const late = new Browsing(rig, FIRST + BROWSERS);
    for (const browser of browsers) await browser.begin();
    const flushedAt = rig.mark('flushed');
    await flush(rig);
    await rig.sleep(LOOKED_MS);
    const loads = rig.members.map(({ logins }) => logins);
    const from = rig.now();
    await crash(rig, late);
    await rig.sleep(LOOKED_MS);
    await Promise.all([...browsers, late].map((one) => one.end()));

    const flushed = browsers.map((one) => one.loggedOut(flushedAt, from));
    const crashed = browsers.filter((one) => one.loggedOut(from, rig.now()) > 0).length;
    rig.facts['flushed: fewest 401s'] = Math.min(...flushed);
    rig.facts['flushed: most 401s'] = Math.max(...flushed);
    rig.facts['crashed: old sessions lost'] = crashed + rig.members.filter((one, i) => one.logins !== loads[i]).length;
    rig.facts['crashed: 401s of the late one'] = late.loggedOut(from, rig.now());
    keepOthers(rig, [...browsers, late]);
  },
  async heal() {
    // The store is up again, and who was logged out has logged in.
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    const [fewest, most] = [of('flushed: fewest 401s'), of('flushed: most 401s')];
    const old = BROWSERS + rig.members.length;
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      {
        id: 'once',
        criterion: `FLUSHALL: each of ${BROWSERS} users is answered 401 once`,
        value: `${fewest} to ${most} times`,
        passed: fewest === 1 && most === 1,
      },
      atMost('survive', `crash: lost of ${old} sessions older than 1 s: 0`, of('crashed: old sessions lost'), 0, ''),
      lastSecond(of('crashed: 401s of the late one')),
      nothingElse(during(records, JUDGED), rig),
      atMost('again', 'logins that were refused, but by that 503: 0', of('logins refused'), 0, ''),
      atMost('in', 'users who are not in at the end: 0', of('out at the end'), 0, ''),
    ];
  },
  mutation: {
    title: 'keeps the sessions in memory alone: appendonly no',
    topology: 'drills/memory-only-topology.ts',
    breaks: ['survive'],
  },
};

/** As its operator: the app's own user may not. */
async function flush({ instance }: Rig): Promise<void> {
  const { 'sessions-operator': password } = await secrets(workspaceRoot(import.meta.dirname), ['sessions-operator']);
  const url = `redis://operator:${password}@127.0.0.1:${instance.box('sessions').port}`;
  const client = createClient({ url, disableClientInfo: true, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined); // `connect` rejects with it
  await client.connect();
  try {
    await client.sendCommand(['FLUSHALL']);
  } finally {
    client.destroy();
  }
}

/** Dies a second after its file had the length that is left of it. */
async function crash(rig: Rig, late: Browsing): Promise<void> {
  const synced = lengthOf(rig);
  const at = rig.now() + PROMISED_MS;
  await rig.sleep(LATE_MS);
  await late.begin();
  await rig.sleep(Math.max(0, at - rig.now()));
  rig.instance.hold('sessions');
  rig.mark('crashed');
  await rig.kill('sessions');
  cutBack(rig, synced);
  rig.instance.release('sessions');
  await rig.restarted('sessions', 0, 10_000);
  rig.mark('up again');
}

/** None at all would say that nothing was taken from the file, and so that the survivors prove nothing. */
function lastSecond(refused: number): Check {
  const criterion = 'crash: who had just logged in is answered 401 once, as the last second is gone';
  return { id: 'late', criterion, value: `${refused} times`, passed: refused === 1 };
}

function keepOthers(rig: Rig, browsers: readonly Browsing[]): void {
  const all = (list: (one: Browsing) => readonly Seen[]) => browsers.flatMap(list);
  const odd = all(({ looks }) => looks).filter(({ at, status }) => !isAllowed(rig, at, status));
  rig.facts.looks = all(({ looks }) => looks).length;
  rig.facts['odd looks'] = odd.length;
  rig.facts['logins refused'] = all(({ logins }) => logins).filter(
    ({ at, status }) => status === 401 || !isAllowed(rig, at, status),
  ).length;
  rig.facts['out at the end'] = browsers.filter(({ looks }) => looks.at(-1)?.status !== 200).length;
}

/** Without the store a 503, and nothing else ever. One asked for just before the crash may meet it. */
function isAllowed({ marks }: Rig, at: number, status: number): boolean {
  const { crashed = Number.NaN, 'up again': back = Number.NaN } = marks;
  const isOutage = at >= crashed - RECOVERY_MS && at <= back + RECOVERY_MS;
  return status === 200 || status === 201 || status === 401 || (status === 503 && isOutage);
}

function nothingElse(records: readonly Sent[], rig: Rig): Check {
  const wrong = records.filter((one) => !isAllowed(rig, one.at, one.status) || (one.why ?? '').startsWith('another'));
  const odd = wrong.length + (rig.facts['odd looks'] ?? Number.NaN);
  return {
    id: 'nothing-else',
    criterion: 'answered as asked or 401, and 503 only from the crash to 2 s after the restart',
    value: `${odd} of ${records.length + (rig.facts.looks ?? 0)} were not`,
    passed: odd === 0,
  };
}
