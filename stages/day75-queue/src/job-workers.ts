import { type Job, type Logger, MailError, type Resource } from '@day90/core';
import { UnrecoverableError, Worker } from 'bullmq';
import { UnreadableJobError } from './delivery.ts';
import type { DoJob } from './do-job.ts';
import { QUEUE_OF, QUEUES, type QueueName } from './queue-names.ts';
import { connectQueue, PREFIX } from './queues.ts';

/** What came of one try of a job, and of the job with it. */
export type TryResult = 'done' | 'retried' | 'given_up';
/** Of which kind a job is, as it says; anybody who can reach the queue may have put something else into it. */
export type JobKind = Job['name'] | 'unknown';

interface WorkersOptions {
  logger: Logger;
  /** Name of this process, noted with each job that it takes. */
  BOX: string;
  /** Jobs of each queue at a time. */
  atOnce: Record<QueueName, number>;
  /** Jobs a second at most, of all workers together; without a bound where none is told. */
  perSecond?: Partial<Record<QueueName, number>>;
  JOB_LOCK_MS: number;
  JOB_MOST_STALLED: number;
  STALLED_CHECK_MS: number;
  /** Told of each try. */
  onTried?: (kind: JobKind, result: TryResult) => void;
}

/**
 * Takes jobs from all queues. Closing takes no more of them and waits for those under way.
 * @param doJob - Rejects when it could not be done: then it is tried again, later, unless no try can go better.
 */
export function workQueues(
  url: string,
  doJob: DoJob,
  { logger, atOnce, perSecond = {}, onTried = () => {}, ...options }: WorkersOptions,
): Resource {
  const { JOB_LOCK_MS, JOB_MOST_STALLED, STALLED_CHECK_MS, BOX } = options;
  const redis = connectQueue(url, logger);
  const workers = QUEUES.map(
    (name) =>
      new Worker(name, (job) => doJob(job.id, job.data, job.timestamp).catch(giveUpWhatIsPermanent), {
        ...{ connection: redis, prefix: PREFIX, concurrency: atOnce[name], name: BOX },
        ...limitTo(perSecond[name]),
        ...{ lockDuration: JOB_LOCK_MS, stalledInterval: STALLED_CHECK_MS, maxStalledCount: JOB_MOST_STALLED },
      }),
  );
  for (const worker of workers) {
    worker.on('error', () => {}); // of the connection, which has said so
    worker.on('stalled', (jobId) => logger.warn({ jobId }, 'a job was left by its worker, and is done again'));
    worker.on('completed', ({ name }) => onTried(kindOf(name), 'done'));
    worker.on('failed', (job, error) => {
      const { id: jobId, name, attemptsMade, data, finishedOn } = job ?? {};
      const fields = { err: error, jobId, job: name, attemptsMade, requestId: data?.requestId };
      const isRetried = finishedOn === undefined;
      onTried(kindOf(name), isRetried ? 'retried' : 'given_up');
      logger.error(fields, isRetried ? 'a job failed, and is tried again' : 'a job failed for good');
    });
  }
  return {
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      redis.disconnect();
    },
  };
}

function kindOf(name: string | undefined): JobKind {
  return name !== undefined && Object.hasOwn(QUEUE_OF, name) ? (name as JobKind) : 'unknown';
}

function giveUpWhatIsPermanent(error: unknown): never {
  const isPermanent = error instanceof UnreadableJobError || (error instanceof MailError && error.permanent);
  throw isPermanent ? new UnrecoverableError(error.message) : error;
}

/**
 * One at a time, evenly: all of a second's jobs allowed in one go would be done at its beginning, and whoever opens a page in that
 * moment waits for them.
 * @see https://docs.bullmq.io/guide/rate-limiting — the queue counts, and so all its workers share the bound
 */
function limitTo(perSecond: number | undefined) {
  return perSecond === undefined ? {} : { limiter: { max: 1, duration: Math.ceil(1000 / perSecond) } };
}
