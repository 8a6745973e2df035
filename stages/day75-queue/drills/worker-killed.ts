import { atMost, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { bookChecks, keep, readBooks, untilAllDone } from './books.ts';
import { DRILL_PROFILE, MISSED_MS } from './drill-profile.ts';
import { withQueues } from './queue-of.ts';
import { Signups } from './signups.ts';

const SIGNUPS_PER_SECOND = 2;
const KILLS = 3;
/** A killed worker's job is begun again, and it has come back itself, in time for the next kill. */
const AGAIN_MS = 20_000;
const DONE_MS = 30_000;

/** A job whose worker dies under it, three times over, is done all the same, and to one effect. */
export const workerKilled: Drill = {
  number: 24,
  slug: 'worker-killed',
  stage: 'stage-6',
  title: 'kill -9 of whichever worker has a certain job, 3 times',
  expects: [
    'every job is done; none is given up',
    `begun again by the other worker within lock + look + 1 s (${MISSED_MS / 1000} s)`,
    'one effect in the database, one Message-ID a mail',
    'public reads: 0 failed',
  ],
  topology: 'drills/two-workers-topology.ts',
  env: DRILL_PROFILE,
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 45,
  async fault(rig) {
    const signups = new Signups(rig);
    signups.begin(SIGNUPS_PER_SECOND);
    await rig.sleep(1500);
    await killItsWorkers(rig);
    await signups.end();
    await untilAllDone(rig, DONE_MS);
    keep(rig, await readBooks(rig, signups.acked));
    rig.facts['given up'] = await withQueues(rig, (queues) => queues.of('mails').getFailedCount());
  },
  async heal() {
    // The workers are back, and nothing is left to be done.
  },
  judge(records, rig) {
    const again = Array.from({ length: KILLS }, (_, i) => rig.facts[`begun again ${i + 1}`] ?? Number.NaN);
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      atMost('again', 'begun again after a kill: the slowest', Math.max(...again), MISSED_MS, 'ms'),
      atMost('given-up', 'jobs given up: 0', rig.facts['given up'] ?? Number.NaN, 0, ''),
      ...bookChecks(rig),
    ];
  },
  mutation: {
    title: 'gives a job up that was left twice: maxStalledCount 1, as BullMQ has it',
    env: { worker: { JOB_MOST_STALLED: '1' } },
    breaks: ['given-up', 'again'],
  },
};

/** Follows one job and kills whoever has it, until that was often enough or the job is given up. */
function killItsWorkers(rig: Rig): Promise<void> {
  return withQueues(rig, async (queues) => {
    const mails = queues.of('mails');
    let [job] = await mails.getActive();
    await rig.until('a mail is at work', AGAIN_MS, async () => {
      [job] = await mails.getActive();
      return job?.processedBy !== undefined;
    });
    for (let i = 1; i <= KILLS && job?.finishedOn === undefined; i += 1) {
      const { id = '', processedBy = '', attemptsStarted = 0 } = job ?? {};
      const killed = rig.mark(`killed ${i}`);
      await rig.kill(processedBy);
      await rig.until('its job is begun again, or given up', AGAIN_MS, async () => {
        job = await mails.getJob(id);
        return (job?.attemptsStarted ?? 0) > attemptsStarted || job?.finishedOn !== undefined;
      });
      if (job?.finishedOn === undefined) rig.facts[`begun again ${i}`] = Math.round(rig.now() - killed);
    }
  });
}
