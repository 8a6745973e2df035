import type { Logger } from 'pino';
import { afterCommit } from './context.ts';
import type { Job, Jobs, Mailer, MakeSizes, Recommend } from './ports.ts';

/** What the handlers of the jobs need. */
export interface JobTools {
  mailer: Mailer;
  recommend: Recommend;
  /** Only where pictures get other sizes. */
  makeSizes?: MakeSizes;
  logger: Logger;
}

/**
 * Runs each job in the request that enqueued it, after its commit and before its answer: the client waits for the mail
 * server. A job that fails is logged and lost, and the request succeeds, since its write stands.
 */
export function inlineJobs(tools: JobTools): Jobs {
  return {
    async enqueue(...jobs) {
      for (const job of jobs)
        await afterCommit(() =>
          runJob(job, tools).catch((error: unknown) => tools.logger.error({ err: error, job: job.name }, 'job failed')),
        );
    },
  };
}

/** Does one job. Rejects when it could not be done. */
export async function runJob(job: Job, { mailer, recommend, makeSizes }: Omit<JobTools, 'logger'>): Promise<void> {
  switch (job.name) {
    case 'welcome-mail':
      return mailer.send({
        to: job.to,
        subject: 'Welcome',
        text: `Hello ${job.userName},\n\nyour account is ready.\n`,
      });
    case 'account-exists-mail':
      return mailer.send({
        to: job.to,
        subject: 'You already have an account',
        text: 'Somebody signed up with this address. You can log in as before; if it was not you, do nothing.\n',
      });
    case 'recommendations':
      return recommend(job.userId);
    case 'picture-sizes':
      if (!makeSizes) throw new Error('Pictures get no other sizes here.');
      return makeSizes(job.picture);
  }
}
