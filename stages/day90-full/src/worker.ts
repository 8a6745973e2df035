import { mailEnv, processEnv, smtpMailer, work } from '@day90/core';
import { sqlRecommend } from 'stage-1';
import { postgresEnv } from 'stage-3';
import { openCluster, replicaEnv } from 'stage-4';
import { imagesEnv, openImages } from 'stage-5';
import { jobDoer, pictureSizes, workerEnv, workQueues } from 'stage-6';
import { measuredCluster, metricsEnv, openMetrics, timedSizes } from 'stage-7';
import { countedTries } from 'stage-7/jobs';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;
const schema = z.object({
  ...processEnv,
  ...mailEnv,
  ...replicaEnv,
  ...imagesEnv,
  ...workerEnv,
  ...metricsEnv,
  DATABASE_POOL,
});

/** Does the jobs that the queue hands out. */
await work(schema, async (config, { logger, resources }) => {
  const metrics = resources.use(openMetrics(config, logger));
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(measuredCluster(openCluster(config.DATABASE_URLS, pools), metrics));
  const timeoutMs = 8000; // less than a worker has to drain, so that it ends with no mail cut off
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM, { timeoutMs }));
  const recommend = sqlRecommend(db.primary); // a replica may not have the new member yet
  const makeSizes = timedSizes(pictureSizes(resources.use(openImages(config.IMAGES_URL, logger))), metrics);

  const mailDomain = config.MAIL_FROM.split('@')[1] ?? 'localhost';
  const doJob = jobDoer({ db: db.primary, mailer, recommend, makeSizes, mailDomain, logger });
  const atOnce = {
    mails: config.MAILS_AT_ONCE,
    recommendations: config.RECOMMENDATIONS_AT_ONCE,
    pictures: config.PICTURES_AT_ONCE,
  };
  const perSecond = { recommendations: config.RECOMMENDATIONS_PER_SECOND };
  resources.use(
    workQueues(config.QUEUE_URL, doJob, { ...config, atOnce, perSecond, logger, onTried: countedTries(metrics) }),
  );
});
