import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Check, type Drill, during, type Rig, type Sent } from '@day90/bench/drill';
import { secrets, workspaceRoot } from '@day90/infra';
import pg from 'pg';
import { Health } from './health.ts';

const RATE = 80;
const FROZEN_MS = 8000;
const REFUSED_MS = 1200;
const NOT_READY_MS = 3000;
/** An answer of a server that runs takes a hundredth of that. */
const SILENT_MS = 500;
/** Nobody waits for longer than 1.2 s, so no more than those who come in that time may be waiting. */
const MOST_PENDING = Math.ceil((RATE * REFUSED_MS) / 1000);

/** A database that takes connections and queries and answers none holds nobody up, and no box that can do without it. */
export const databaseFrozen: Drill = {
  number: 14,
  slug: 'database-frozen',
  stage: 'stage-3',
  title: 'all processes of Postgres frozen for 8 s under load: its port stays open and nothing is answered',
  expects: [
    'an open connection does not answer any more: it is frozen indeed',
    'requests that need it: 503 within 1.2 s, and nothing else',
    '/livez stays 200, /readyz is 503 within 3 s on each app, until it answers again',
    `no pile-up: at most ${MOST_PENDING} requests wait at the same time, as many as come in 1.2 s`,
  ],
  topology: 'src/topology.ts',
  rate: RATE,
  mix: { post: 15, feed: 40, me: 10, create: 12, keyed: 12, update: 11 },
  faultSeconds: 9,
  unavailable: 'unknown', // a COMMIT that it has received is done once it goes on
  async fault(rig) {
    const client = await connected(rig);
    const health = new Health(rig, rig.instance.boxesOf('app'));
    const frozenAt = rig.mark('frozen');
    rig.signal('postgres', 'SIGSTOP');
    rig.facts['answers while frozen'] = await answersIn(client, SILENT_MS);
    await rig.sleep(FROZEN_MS - SILENT_MS);
    const thawedAt = rig.mark('thawed');
    const looked = health.end();
    rig.signal('postgres', 'SIGCONT');
    await Promise.all([looked, client.end()]);
    // Kept as a number: a result is JSON, which knows no infinite one.
    rig.facts['/readyz 503 after'] = Math.min(health.unreadySince(thawedAt) - frozenAt, 2 * FROZEN_MS);
    rig.facts['looks at /livez'] = health.alive.length;
    rig.facts['/livez not 200'] = health.alive.filter(({ status }) => status !== 200).length;
  },
  async heal() {
    // It goes on, and every app notices that within a quarter of a second.
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    return [
      // Its children have groups of their own: a stopped postmaster alone would change nothing.
      atMost('frozen', 'answers of an open connection while it is frozen: 0', of('answers while frozen'), 0, ''),
      ...refusals(records),
      atMost('livez', `of ${of('looks at /livez')} looks at /livez are not 200: 0`, of('/livez not 200'), 0, ''),
      atMost('readyz', '/readyz is 503 from ≤ 3 s on', of('/readyz 503 after'), NOT_READY_MS, 'ms'),
      pileUp(records, rig),
    ];
  },
  mutation: {
    title: 'waits for its database as the pool does by itself: no deadline, no look at a server that is silent',
    topology: 'drills/patient-pool/topology.ts',
    breaks: ['only-503', 'soon', 'readyz', 'pending'],
  },
};

/** As the app connects, but for the proxy between them. */
async function connected({ instance }: Rig): Promise<pg.Client> {
  const { 'db-app': password } = await secrets(workspaceRoot(import.meta.dirname), ['db-app']);
  const { port } = instance.box('postgres');
  const client = new pg.Client(`postgres://day90_app:${password}@127.0.0.1:${port}/day90`);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** @returns 1 when it answers, 0 when not in so many milliseconds. */
function answersIn(client: pg.Client, ms: number): Promise<number> {
  const answer = client.query('SELECT 1').then(
    () => 1,
    () => 0,
  );
  return Promise.race([answer, sleep(ms, 0)]);
}

function refusals(records: readonly Sent[]): Check[] {
  const failed = during(records, ['fault', 'healed']).filter(({ outcome }) => outcome !== 'ok');
  const others = failed.filter(({ status }) => status !== 503);
  const longest = Math.max(...failed.map(({ at, end = Number.POSITIVE_INFINITY }) => end - at));
  return [
    {
      id: 'only-503',
      criterion: 'errors are 503 and nothing else',
      value: [`${others.length} of ${failed.length} are not`, ...new Set(others.map(({ why }) => why))].join(', '),
      passed: failed.length > 0 && others.length === 0,
    },
    atMost('soon', 'each within 1.2 s', longest, REFUSED_MS, 'ms'),
  ];
}

/** Most requests that were under way at the same time, while it was frozen. */
function pileUp(records: readonly Sent[], { marks }: Rig): Check {
  const { frozen = Number.NaN, thawed = Number.NaN } = marks;
  const isPending = ({ at, end = Number.POSITIVE_INFINITY }: Sent, when: number) => at <= when && end > when;
  const arrivals = records.filter(({ at }) => at >= frozen && at < thawed);
  const counts = arrivals.map(({ at: when }) => records.filter((one) => isPending(one, when)).length);
  return atMost(
    'pending',
    `requests that wait at the same time ≤ ${MOST_PENDING}`,
    Math.max(...counts),
    MOST_PENDING,
    '',
  );
}
