import { describeJobs } from '@day90/testing';
import { queueOfThisFile, wholeWay } from './queue-rig.ts';

const file = queueOfThisFile('jobs');

/* The port's contract, held by all parts together: what a job did is seen at the mail server. */
describeJobs('outboxJobs, relay, queue and worker', async () => {
  const { db, jobs } = await wholeWay(file);
  return {
    transactor: db.transactor,
    jobs,
    welcomed: async () => file.sink().mails.flatMap(({ to }) => to),
  };
});
