import { readFileSync } from 'node:fs';
import {
  atMost,
  type Check,
  type Drill,
  during,
  type Kind,
  noneFailed,
  type Rig,
  type Sent,
  WRITES,
} from '@day90/bench/drill';
import { Visitor } from './visitor.ts';

const KILLS = 2;
const DOWN_MS = 2000;
const LONGEST_RECOVERY_MS = 20_000;
const FIRST_SUCCESS_MS = 3000;
const WRITE_EVERY_MS = 100;
/** A member with whom the load does nothing. */
const WRITER = 31;
/** Those that no cache answers. */
const BY_DATABASE: readonly Kind[] = ['feed', ...WRITES];
const READY = /^(\S+) (\S+) UTC .*database system is ready to accept connections$/gm;

/** What was answered is in the log on the disk; what the server's death cut off is answered 503, and nobody has to mend anything. */
export const databaseKilled: Drill = {
  number: 13,
  slug: 'database-killed',
  stage: 'stage-3',
  title: 'kill -9 of Postgres in the midst of writes, twice, down for 2 s each time',
  expects: [
    'every acknowledged write is there exactly once; none that was refused while it was down is',
    'errors are 503 and nothing else, and end with the outage',
    'each app writes or reads again within 3 s from "ready to accept connections", without a restart of its own',
  ],
  topology: 'src/topology.ts',
  // Else the books would be compared with what the cache remembers.
  env: { app: { CACHE_POST_SECONDS: '1' } },
  rate: 80,
  mix: { post: 12, feed: 30, me: 8, create: 20, keyed: 20, update: 10 },
  faultSeconds: 10,
  unavailable: 'unknown', // it may have been the answer to the COMMIT that was lost
  async fault(rig) {
    const writer = new Visitor(rig, WRITER);
    await writer.logIn();
    const apps = pidsOf(rig);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      rig.instance.hold('postgres');
      rig.mark(`kill ${kill}`);
      await rig.kill('postgres');
      await writeInVain(rig, writer);
      rig.mark(`release ${kill}`);
      rig.instance.release('postgres');
      await rig.until('Postgres is ready', LONGEST_RECOVERY_MS, () => readyTimes(rig).length > kill);
      rig.mark(`ready ${kill}`, readyTimes(rig).at(-1));
      await rig.sleep(2000); // writes again, to be killed in the midst of
    }
    rig.facts['apps that are another process'] = pidsOf(rig).filter((pid, i) => pid !== apps[i]).length;
  },
  async heal() {
    // The pools have connected again, unasked.
  },
  async judge(records, rig) {
    const { 'apps that are another process': others = Number.NaN } = rig.facts;
    return [
      onlyUnavailable(records, rig),
      await noGhosts(rig),
      ...Array.from({ length: KILLS }, (_, i) => firstSuccess(records, rig, i + 1)),
      atMost('same-apps', 'apps that had to be started again: 0', others, 0, ''),
      noneFailed('healed', 'after healing, requests of all kinds', during(records, ['healed'])),
    ];
  },
  mutation: {
    title: 'answers a commit before it is on the disk: synchronous_commit=off',
    topology: 'drills/async-commit-topology.ts',
    breaks: ['acked'],
  },
};

function pidsOf({ instance }: Rig): number[] {
  return instance.boxesOf('app').map((name) => instance.box(name).pid);
}

/** Writes while no server is there: unlike one that was cut off in its commit, none of these can have been done. */
async function writeInVain(rig: Rig, writer: Visitor): Promise<void> {
  const end = rig.now() + DOWN_MS;
  while (rig.now() < end) {
    const title = `${inVain(rig)} ${Math.round(rig.now())}`;
    const { status } = await writer.send('POST', '/posts', { title, body: 'Written while nothing could take it.' });
    rig.facts['writes in vain'] = (rig.facts['writes in vain'] ?? 0) + 1;
    if (status !== 503) rig.facts['writes in vain, not 503'] = (rig.facts['writes in vain, not 503'] ?? 0) + 1;
    await rig.sleep(WRITE_EVERY_MS);
  }
}

function inVain({ instance }: Rig): string {
  return `in vain ${instance.ready.instance}`;
}

async function noGhosts(rig: Rig): Promise<Check> {
  const { 'writes in vain': tried = 0, 'writes in vain, not 503': odd = 0 } = rig.facts;
  const { status, body } = await rig.get(`/users/${WRITER}/posts?limit=100`);
  const there = body.split(inVain(rig)).length - 1;
  return {
    id: 'in-vain',
    criterion: 'writes sent while it was down are answered 503, and are not there',
    value: status === 200 ? `${tried} sent, ${odd} answered otherwise, ${there} there` : `answered ${status}`,
    passed: status === 200 && tried > 0 && odd + there === 0,
  };
}

function onlyUnavailable(records: readonly Sent[], rig: Rig): Check {
  const failed = during(records, ['fault', 'healed']).filter(({ outcome }) => outcome !== 'ok');
  const others = failed.filter((one) => one.status !== 503 || !isOutage(one, rig));
  return {
    id: 'only-503',
    criterion: 'errors are 503 and nothing else, and only from a kill to 3 s after the recovery',
    value: [`${others.length} of ${failed.length} are not`, ...new Set(others.map(({ why }) => why))].join(', '),
    passed: failed.length > 0 && others.length === 0,
  };
}

function isOutage({ at, end = at }: Sent, { marks }: Rig): boolean {
  return Array.from({ length: KILLS }, (_, i) => i + 1).some((kill) => {
    const [killed = Number.NaN, ready = Number.NaN] = [marks[`kill ${kill}`], marks[`ready ${kill}`]];
    return end >= killed && at <= ready + FIRST_SUCCESS_MS;
  });
}

/** Of the slowest app, from when Postgres itself says that it takes connections. */
function firstSuccess(records: readonly Sent[], rig: Rig, kill: number): Check {
  const readyAt = rig.marks[`ready ${kill}`] ?? Number.NaN;
  const answers = during(records, ['fault', 'healed'], BY_DATABASE).filter(({ outcome }) => outcome === 'ok');
  const firsts = rig.instance.boxesOf('app').map((box) => {
    const ends = answers.filter((one) => one.box === box).map(({ end = Number.POSITIVE_INFINITY }) => end);
    return Math.min(...ends.filter((end) => end >= readyAt));
  });
  const criterion = `kill ${kill}: first success of each app after "ready to accept connections" ≤ 3 s`;
  return atMost(`first-${kill}`, criterion, Math.max(...firsts) - readyAt, FIRST_SUCCESS_MS, 'ms');
}

/** When Postgres said so, by its own log, in milliseconds since the load began; once at each start. */
function readyTimes(rig: Rig): number[] {
  const startedAt = Date.now() - rig.now();
  const lines = readFileSync(`${rig.logs}/postgres.log`, 'utf8').matchAll(READY);
  return [...lines].map(([, day, time]) => Date.parse(`${day}T${time}Z`) - startedAt);
}
