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
import type Database from 'better-sqlite3';
import { openSqlite, sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import type { Config } from '../../src/config.ts';

/** Stage 1 as the driver would have it: a write that meets a lock waits inside of the call. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(await openSqlite(config.SQLITE_PATH));
  await db.transactor(async (writer) => (writer as Database.Database).pragma('busy_timeout = 5000'));
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
