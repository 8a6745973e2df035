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
import type { Config } from '../../src/config.ts';
import { batchedCommits } from './batched-commits.ts';

/** Stage 1 with its commits put off, to be one in half a second. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const sqlite = resources.use(await openSqlite(config.SQLITE_PATH));
  const db = { ...sqlite, transactor: batchedCommits(sqlite.transactor) };
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
