import { atMost, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import type { Job } from '@day90/core';
import { QUEUES, type QueueName } from '../src/queue-names.ts';
import { handIn, type Queues } from '../src/queues.ts';
import { asApp } from './as-app.ts';
import { acceptedMails, atLeast, bookChecks, effects, keep, readBooks, untilAllDone } from './books.ts';
import { DRILL_PROFILE } from './drill-profile.ts';
import { withQueues } from './queue-of.ts';
import { Signups } from './signups.ts';

const TIMES = 100;
/** Known ones, before any is added again. */
const LEAST_JOBS = 4;
const PRODUCERS = 3;
const DONE_MS = 20_000;
/** How long the hundred are spread, so that some find the job waiting, some at work, and most find it done and gone. */
const SPREAD_MS = 8000;

/** A queue may hand a job out as often as it likes: a key in the database is what makes one effect of it. */
export const deliveredAgain: Drill = {
  number: 28,
  slug: 'delivered-again',
  stage: 'stage-6',
  title: 'each job of some sign-ups is added 100 times more, by 3 producers, before and after it was done',
  expects: [
    'one mail for each who signed up, and none again',
    'recommendations are computed once for each job',
    'public reads: 0 failed',
  ],
  topology: 'src/topology.ts',
  env: DRILL_PROFILE,
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 30,
  async fault(rig) {
    const signups = new Signups(rig);
    signups.begin(4);
    await rig.until('some jobs are known', DONE_MS, async () => (await knownJobs(rig)).length >= LEAST_JOBS);
    const again = addAgain(rig);
    await rig.sleep(2000);
    await signups.end();
    rig.facts.added = await again;
    await untilAllDone(rig, DONE_MS);
    await withQueues(rig, (queues) => untilEmpty(rig, queues));
    keep(rig, await readBooks(rig, signups.acked));
    rig.facts['mails again'] = [...acceptedMails(rig).values()].filter((ids) => ids.length > 1).length;
    rig.facts['effects again'] = [...effects(rig).values()].filter((count) => count > 1).length;
  },
  async heal() {
    // Nothing was broken.
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      atMost('mail-again', 'who got a mail again: 0', of('mails again'), 0, ''),
      atMost('effect-again', 'jobs in the database done again: 0', of('effects again'), 0, ''),
      atLeast('added', 'added again', of('added'), LEAST_JOBS * TIMES),
      ...bookChecks(rig),
    ];
  },
  mutation: {
    title: 'trusts the id of a job in the queue, and looks for no key in the database',
    topology: 'drills/forgetful-worker/topology.ts',
    breaks: ['mail-again', 'effect-again'],
  },
};

/** @returns How often something was added. */
async function addAgain(rig: Rig): Promise<number> {
  const jobs = await knownJobs(rig);
  const produce = () => withQueues(rig, (queues) => addEach(rig, queues, jobs));
  const added = await Promise.all(Array.from({ length: PRODUCERS }, produce));
  return added.reduce((sum, count) => sum + count, 0);
}

async function addEach(rig: Rig, queues: Queues, jobs: readonly KnownJob[]): Promise<number> {
  const rounds = Math.ceil(TIMES / PRODUCERS);
  for (let i = 0; i < rounds; i += 1) {
    for (const { id, queue, job } of jobs) {
      const delivery = { job, requestId: 'again', createdAt: Date.now() };
      await handIn(queues.of(queue), [{ id, delivery }]);
    }
    await rig.sleep(SPREAD_MS / rounds);
  }
  return rounds * jobs.length;
}

interface KnownJob {
  id: string;
  queue: QueueName;
  job: Job;
}

/** Mails that wait or are under way, and recommendations that were done: those take no time. */
async function knownJobs(rig: Rig): Promise<KnownJob[]> {
  const rows = await asApp<KnownJob>(rig, "SELECT id, queue, job FROM outbox WHERE queue = 'mails'");
  const job = { name: 'recommendations', userId: '1' } as const;
  return [...rows, ...[...effects(rig).keys()].map((id) => ({ id, queue: 'recommendations' as const, job }))];
}

function untilEmpty(rig: Rig, queues: Queues): Promise<void> {
  return rig.until('the queues are empty', DONE_MS, async () => {
    const counts = await Promise.all(
      QUEUES.map((name) => queues.of(name).getJobCounts('waiting', 'active', 'delayed')),
    );
    return counts.every((states) => Object.values(states).every((count) => count === 0));
  });
}
