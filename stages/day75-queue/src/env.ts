import { z } from 'zod';

const milliseconds = (initial: number) => z.coerce.number().int().positive().default(initial);
const count = (initial: number) => z.coerce.number().int().positive().default(initial);

/** Where the queue is, for every process that reaches it. */
export const queueEnv = {
  QUEUE_URL: z
    .url({ protocol: /^rediss?$/ })
    .default('redis://127.0.0.1:6379')
    .describe('Redis that holds the queues and nothing else, with maxmemory-policy noeviction'),
};

/** The variables of the relay. */
export const relayEnv = {
  ...queueEnv,
  // Above it rows wait in the outbox, where a job takes disk and not the memory of a Redis, and where none is handed over again and
  // again because those before it take their time.
  QUEUE_MOST_JOBS: count(250).describe('Jobs in one queue at most; one batch more for each further relay'),
  // So long a queue that has lost a job goes without it. A job that is only waiting longer is looked at and left alone.
  HAND_OVER_AGAIN_MS: milliseconds(10_000).describe('Milliseconds after which an unfinished job is handed over again'),
};

/** The variables of a worker. */
export const workerEnv = {
  ...queueEnv,
  // A mail waits two seconds for its server and costs next to no CPU; recommendations are a query of the primary.
  MAILS_AT_ONCE: count(16).describe('Mails that this process sends at a time'),
  RECOMMENDATIONS_AT_ONCE: count(2).describe('Recommendations that this process computes at a time'),
  PICTURES_AT_ONCE: count(1).describe('Pictures that this process draws in other sizes at a time'),
  // Each costs the primary some milliseconds, of which visitors need most: a flood of them is to take long, and not the site down.
  RECOMMENDATIONS_PER_SECOND: count(15).describe('Recommendations a second at most, of all workers together'),
  // A worker that died is missed after lock + check: so long its jobs rest. One that is only slow renews its locks every half.
  JOB_LOCK_MS: milliseconds(10_000).describe('Milliseconds for which a worker owns a job unless it renews that'),
  // Each time a worker dies its jobs are innocent but perhaps one. BullMQ's own 1 would fail them all at the second death.
  JOB_MOST_STALLED: count(10).describe('Times a job may be left by a dying worker before it is given up'),
  STALLED_CHECK_MS: milliseconds(5000).describe('Milliseconds between two looks for jobs whose worker is gone'),
};

/** The variables of the queues' page. */
export const boardEnv = {
  ...queueEnv,
  BOARD_WRITES: z
    .stringbool()
    .default(false)
    .describe('Whether admins may retry, promote and remove jobs; QUEUE_URL must then name a user who may, too'),
};
