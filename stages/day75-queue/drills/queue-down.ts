import { atMost, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { bookChecks, keep, readBooks, untilAllDone } from './books.ts';
import { DRILL_PROFILE } from './drill-profile.ts';
import { withQueues } from './queue-of.ts';
import { Signups } from './signups.ts';

const SIGNUPS_PER_SECOND = 2;
const DOWN_MS = 8000;
/** With a fifth of a core, of which hashing a password takes the most. */
const LONGEST_SIGNUP_MS = 1000;
const APPEARS_MS = 5000;
const DONE_MS = 30_000;

/** Signing up needs no queue: what is to be done lies in the outbox, and goes on its way when there is one again. */
export const queueDown: Drill = {
  number: 26,
  slug: 'queue-down',
  stage: 'stage-6',
  title: 'kill -9 of the Redis of the queues, which stays down for 8 s while people sign up',
  expects: [
    `signing up: 0 failed, none over ${LONGEST_SIGNUP_MS / 1000} s`,
    `a job comes through within ${APPEARS_MS / 1000} s of the queue's return`,
    'nobody is without a mail in the end',
    'public reads: 0 failed',
  ],
  topology: 'src/topology.ts',
  env: DRILL_PROFILE,
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 30,
  async fault(rig) {
    const signups = new Signups(rig);
    signups.begin(SIGNUPS_PER_SECOND);
    await rig.sleep(2000);
    rig.instance.hold('queue');
    rig.mark('down');
    await rig.kill('queue');
    await rig.sleep(DOWN_MS);
    await signups.end();
    rig.instance.release('queue');
    const { readyAt } = await rig.restarted('queue', 0, 10_000);
    rig.mark('up again', readyAt);
    if (await somethingComes(rig)) rig.facts['jobs come through after'] = Math.round(rig.now() - readyAt);
    await untilAllDone(rig, DONE_MS);
    keep(rig, await readBooks(rig, signups.acked));
    rig.facts['signups failed'] = signups.all.length - signups.acked.length;
    rig.facts['slowest signup'] = Math.round(Math.max(...signups.all.map(({ at, end }) => end - at)));
  },
  async heal() {
    // The queue is back, and so are its jobs.
  },
  judge(records, { facts, ...rig }) {
    const of = (name: string) => facts[name] ?? Number.NaN;
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      atMost('signups', 'sign-ups that failed: 0', of('signups failed'), 0, ''),
      atMost('slowest', 'the slowest sign-up', of('slowest signup'), LONGEST_SIGNUP_MS, 'ms'),
      atMost('comes', 'from the return of the queue to a job in it', of('jobs come through after'), APPEARS_MS, 'ms'),
      ...bookChecks({ ...rig, facts }),
    ];
  },
  mutation: {
    title: 'puts jobs into the queue after the insert, as is usually taught',
    topology: 'drills/inline-enqueue-topology.ts',
    breaks: ['mails', 'friends'],
  },
};

/** Whether what came while the queue was away gets into it, soon or late. */
function somethingComes(rig: Rig): Promise<boolean> {
  return withQueues(rig, async (queues) => {
    for (const end = rig.now() + 2 * APPEARS_MS; rig.now() < end; await rig.sleep(50)) {
      const { waiting = 0, active = 0 } = await queues.of('mails').getJobCounts('waiting', 'active');
      if (waiting + active > 0) return true;
    }
    return false;
  });
}
