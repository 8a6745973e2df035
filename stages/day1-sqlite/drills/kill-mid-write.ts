import {
  atMost,
  type Check,
  type Drill,
  during,
  noneFailed,
  PUBLIC_READS,
  type Rig,
  type Sent,
} from '@day90/bench/drill';
import Database from 'better-sqlite3';

const KILLS = 2;
/** The launcher waits for 1 s before the first restart and 2 s before the second; a start takes some more. */
const LONGEST_OUTAGE_MS = 15_000;
const LONGEST_START_MS = 2000;

/** Every answered write is in the file, whenever the process dies: WAL with `synchronous = FULL`, answered after the commit. */
export const killMidWrite: Drill = {
  number: 1,
  slug: 'kill-mid-write',
  stage: 'stage-1',
  title: 'kill -9 of the app during writes, twice',
  expects: [
    'the file is whole: PRAGMA integrity_check says ok',
    'every acknowledged post is there exactly once, no refused one is',
    'from a restart to the first 200: at most 2 s',
  ],
  topology: 'src/topology.ts',
  rate: 80,
  mix: { post: 28, feed: 5, popular: 2, user: 2, me: 3, create: 15, keyed: 15, update: 10 },
  faultSeconds: 10,
  async fault(rig) {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const { pid } = rig.instance.box('app');
      rig.mark(`kill ${kill}`);
      await rig.kill('app');
      const { startedAt } = await rig.restarted('app', pid, LONGEST_OUTAGE_MS);
      rig.mark(`restart ${kill}`, startedAt);
      await rig.sleep(1000); // writes again, to be killed in the midst of
    }
  },
  async heal() {
    // The launcher has started it again, unasked.
  },
  judge(records, rig) {
    return [
      integrity(rig),
      ...Array.from({ length: KILLS }, (_, i) => firstAnswer(records, rig, i + 1)),
      noneFailed('healed', 'after healing, requests of all kinds', during(records, ['healed'])),
    ];
  },
  mutation: {
    title: 'answers before the commit',
    topology: 'drills/answer-before-commit/topology.ts',
    breaks: ['acked'],
  },
};

/** Read beside the app that has recovered the file, which has to be whole for that process, too. */
function integrity(rig: Rig): Check {
  const db = new Database(`${rig.data}/day90.sqlite`, { readonly: true, timeout: 5000 });
  try {
    const value = String(db.pragma('integrity_check', { simple: true }));
    return { id: 'integrity', criterion: 'PRAGMA integrity_check = ok', value, passed: value === 'ok' };
  } finally {
    db.close();
  }
}

function firstAnswer(records: readonly Sent[], rig: Rig, kill: number): Check {
  const startedAt = rig.marks[`restart ${kill}`] ?? Number.NaN;
  const answers = during(records, ['fault', 'healed'], PUBLIC_READS).filter(({ outcome }) => outcome === 'ok');
  const first = Math.min(...answers.map(({ end = 0 }) => end).filter((end) => end >= startedAt));
  return atMost(`first-200-${kill}`, `restart ${kill} to first 200 ≤ 2 s`, first - startedAt, LONGEST_START_MS, 'ms');
}
