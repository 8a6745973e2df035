import { atMost, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { bookChecks, keep, readBooks, stalledJobs, untilAllDone } from './books.ts';
import { DRILL_PROFILE } from './drill-profile.ts';
import { Signups } from './signups.ts';

const SIGNUPS_PER_SECOND = 3;
const LONGEST_END_MS = 10_000;
/** Until a worker that does not end by itself is killed, and some more. */
const GIVEN_UP_MS = 15_000;
const DONE_MS = 30_000;
const ENDED = ' ended after';

/** A worker that is asked to end finishes what it has begun, and begins nothing more: nobody has to find out what it left. */
export const workerStopped: Drill = {
  number: 25,
  slug: 'worker-stopped',
  stage: 'stage-6',
  title: 'SIGTERM and a new start of both workers, one after the other, each with mails under way',
  expects: [
    'each ends with exit code 0 within 10 s',
    'no job is left behind for others to find',
    'no mail is sent twice',
    'public reads: 0 failed',
  ],
  topology: 'drills/two-workers-topology.ts',
  env: DRILL_PROFILE,
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 30,
  async fault(rig) {
    const signups = new Signups(rig);
    signups.begin(SIGNUPS_PER_SECOND);
    await rig.sleep(3000); // a mail takes 2 s, so from now on some are under way all the time
    await Promise.all([rig.instance.roll('worker'), timeEach(rig)]);
    await signups.end();
    await untilAllDone(rig, DONE_MS);
    keep(rig, await readBooks(rig, signups.acked));
    rig.facts['left behind'] = stalledJobs(rig);
  },
  async heal() {
    // Each was started again by the roll.
  },
  judge(records, rig) {
    const ends = Object.entries(rig.facts).flatMap(([name, ms]) => (name.endsWith(ENDED) ? [ms] : []));
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      // A roll goes on only after an exit code 0, and fails else: here both had it.
      atMost(
        'ends',
        'each worker ends with exit code 0 within 10 s: the slower',
        Math.max(...ends),
        LONGEST_END_MS,
        'ms',
      ),
      atMost('left', 'jobs left behind by a worker: 0', rig.facts['left behind'] ?? Number.NaN, 0, ''),
      atMost('again', 'mails sent again: 0', rig.facts.again ?? Number.NaN, 0, ''),
      ...bookChecks(rig),
    ];
  },
  mutation: {
    title: 'exits as soon as SIGTERM comes',
    topology: 'drills/hasty-worker/topology.ts',
    breaks: ['left'],
  },
};

async function timeEach(rig: Rig): Promise<void> {
  let asked = rig.now();
  for (const box of rig.instance.boxesOf('worker')) {
    const { pid } = rig.instance.box(box);
    const isThere = () => rig.instance.ready.boxes.some((one) => one.name === box && one.pid === pid);
    await rig.until(`${box} ends`, GIVEN_UP_MS, () => !isThere());
    rig.facts[box + ENDED] = Math.round(rig.now() - asked);
    asked = (await rig.restarted(box, pid, GIVEN_UP_MS)).readyAt;
  }
}
