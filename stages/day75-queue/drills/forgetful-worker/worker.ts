import { mailEnv, processEnv, smtpMailer, work } from '@day90/core';
import { sqlRecommend } from 'stage-1';
import { postgresEnv } from 'stage-3';
import { openCluster, replicaEnv } from 'stage-4';
import { workerEnv, workQueues } from 'stage-6';
import { z } from 'zod';
import { forgetfulDoer } from './forgetful-doer.ts';

const { DATABASE_POOL } = postgresEnv;
const schema = z.object({ ...processEnv, ...mailEnv, ...replicaEnv, ...workerEnv, DATABASE_POOL });

/** The worker of the stage, but that it knows of no effect that was there before. */
await work(schema, async (config, { logger, resources }) => {
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(openCluster(config.DATABASE_URLS, pools));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));
  const doJob = forgetfulDoer({ db: db.primary, mailer, recommend: sqlRecommend(db.primary), logger });
  const atOnce = { mails: config.MAILS_AT_ONCE, recommendations: config.RECOMMENDATIONS_AT_ONCE, pictures: 1 };
  resources.use(workQueues(config.QUEUE_URL, doJob, { ...config, atOnce, logger }));
});
