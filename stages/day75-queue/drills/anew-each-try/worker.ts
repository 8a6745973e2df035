import { type Mailer, mailEnv, processEnv, smtpMailer, work } from '@day90/core';
import { sqlRecommend } from 'stage-1';
import { postgresEnv } from 'stage-3';
import { openCluster, replicaEnv } from 'stage-4';
import { jobDoer, workerEnv, workQueues } from 'stage-6';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;
const schema = z.object({ ...processEnv, ...mailEnv, ...replicaEnv, ...workerEnv, DATABASE_POOL });

/** The worker of the stage, but that each try of a mail is another mail to whoever receives it. */
await work(schema, async (config, { logger, resources }) => {
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(openCluster(config.DATABASE_URLS, pools));
  const sender = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM, { timeoutMs: 8000 }));
  const mailer: Mailer = { send: ({ messageId: _same, ...mail }) => sender.send(mail) };
  const recommend = sqlRecommend(db.primary);

  const doJob = jobDoer({ db: db.primary, mailer, recommend, mailDomain: 'day90.test', logger });
  const atOnce = { mails: config.MAILS_AT_ONCE, recommendations: config.RECOMMENDATIONS_AT_ONCE, pictures: 1 };
  resources.use(workQueues(config.QUEUE_URL, doJob, { ...config, atOnce, logger }));
});
