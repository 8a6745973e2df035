import {
  accessLog,
  type Box,
  createApp,
  inlineJobs,
  memoryRateLimit,
  memorySessions,
  securityHeaders,
  smtpMailer,
} from '@day90/core';
import { openSqlite, sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import type { Config } from './config.ts';
import { addViewsIndex } from './views-index.ts';

/** Stage 1 with one index more instead of a cache. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(await openSqlite(config.SQLITE_PATH));
  await addViewsIndex(db);
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  const users = sqlUsers(db);
  const posts = sqlPosts(db);
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const sessions = memorySessions();
  const rateLimit = memoryRateLimit();

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db }, [
    // outermost first
    accessLog(logger),
    securityHeaders(config.PUBLIC_URL),
  ]);
}
