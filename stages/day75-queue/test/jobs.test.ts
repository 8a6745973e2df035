import { describeJobs } from '@day90/testing';
import { enqueueAfterInsert } from '../src/inline-enqueue/enqueue-after-insert.ts';
import { logger, queueOfThisFile, wholeWay } from './queue-rig.ts';

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

/* With nobody killed the way that is usually taught keeps it, too: what it loses, it loses to a death at the wrong moment. */
describeJobs('enqueueAfterInsert', async () => {
  const { db, queues } = await wholeWay(file);
  return {
    transactor: db.transactor,
    jobs: enqueueAfterInsert(queues, logger),
    welcomed: async () => file.sink().mails.flatMap(({ to }) => to),
  };
});
