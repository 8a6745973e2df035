import { atMost, baselineP99, type Drill, during, noneFailed, PUBLIC_READS, p99, type Rig } from '@day90/bench/drill';
import type { Instance } from '@day90/infra';
import { acceptedMails, atLeast, bookChecks, keep, readBooks } from './books.ts';
import { jobsLeft, pour } from './pour.ts';
import { withQueues } from './queue-of.ts';
import { Signups } from './signups.ts';

const JOBS = 50_000;
const SIGNUPS_PER_SECOND = 2;
const FLOODED_MS = 20_000;
const MAILS_MS = 10_000;
/** What the relay lets into one queue, and one batch more. */
const MOST_IN_QUEUE = 350;
const LEAST_PER_SECOND = 5;
/** Who signs up from before the flood on, by run: hashing passwords takes its share of an app box, flood or not. */
const signingUp = new WeakMap<Instance, Signups>();
/** Below this a p99 of some milliseconds is the machine's own noise. */
const LEAST_LIMIT_MS = 60;

/** Far more work than the workers can do: it waits where there is room, and nobody else waits behind it. */
export const flood: Drill = {
  number: 29,
  slug: 'flood',
  stage: 'stage-6',
  title: '50,000 recommendations to be computed at once, which takes the workers many minutes',
  expects: [
    'once they are there, p99 of public reads at most 1.5 × that before, or 60 ms where that is less',
    `at most ${MOST_IN_QUEUE} jobs in the queue at any moment, the others in the outbox`,
    `at least ${LEAST_PER_SECOND} a second are done meanwhile`,
    'signing up: 0 failed, and each mail is there within 10 s',
  ],
  topology: 'src/topology.ts',
  env: { app: { SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '1000000' } },
  rate: 40,
  mix: { post: 60, feed: 10, user: 20, me: 10 },
  phases: { steady: 15 },
  faultSeconds: 45,
  async rehearse(rig) {
    const signups = new Signups(rig);
    signingUp.set(rig.instance, signups);
    signups.begin(SIGNUPS_PER_SECOND);
    await rig.sleep(1000);
  },
  async fault(rig) {
    const signups = signingUp.get(rig.instance) ?? new Signups(rig);
    await pour(rig, JOBS);
    rig.mark('poured');
    const left = await jobsLeft(rig);
    const from = rig.now();
    rig.facts['most in the queue'] = await mostInQueue(rig, FLOODED_MS);
    rig.facts['done a second'] = ((left - (await jobsLeft(rig))) / (rig.now() - from)) * 1000;
    await signups.end();
    await rig.until('everybody has a mail', MAILS_MS, () => {
      const mails = acceptedMails(rig);
      return signups.acked.every(({ email }) => mails.has(email));
    });
    const books = await readBooks(rig, signups.acked);
    keep(rig, { ...books, withoutFriends: 0 }); // theirs stand behind the others', as they must
    rig.facts['signups failed'] = signups.all.length - signups.acked.length;
  },
  async heal() {
    // It goes on for many minutes more, and all the same.
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    const limit = Math.max(1.5 * baselineP99(records), LEAST_LIMIT_MS);
    const poured = rig.marks.poured ?? Number.NaN; // writing fifty thousand rows at once is the drill's own doing
    const flooded = during(records, ['fault'], PUBLIC_READS).filter(({ at }) => at >= poured);
    return [
      noneFailed('reads', 'public reads', during(records, ['steady', 'fault', 'healed'], PUBLIC_READS)),
      atMost('p99', 'public reads: p99 while flooded', p99(flooded), limit, 'ms'),
      atMost('bounded', 'jobs in the queue at most', of('most in the queue'), MOST_IN_QUEUE, ''),
      atLeast('rate', 'done a second', of('done a second'), LEAST_PER_SECOND),
      atMost('signups', 'sign-ups that failed: 0', of('signups failed'), 0, ''),
      ...bookChecks(rig),
    ];
  },
  mutation: {
    title: 'hands over whatever there is: no bound on the queue',
    env: { relay: { QUEUE_MOST_JOBS: '1000000' } },
    breaks: ['bounded'],
  },
};

function mostInQueue(rig: Rig, ms: number): Promise<number> {
  return withQueues(rig, async (queues) => {
    const end = rig.now() + ms;
    let most = 0;
    while (rig.now() < end) {
      const counts = await queues.of('recommendations').getJobCounts('waiting', 'active', 'delayed');
      most = Math.max(
        most,
        Object.values(counts).reduce((sum, count) => sum + count, 0),
      );
      await rig.sleep(200);
    }
    return most;
  });
}
