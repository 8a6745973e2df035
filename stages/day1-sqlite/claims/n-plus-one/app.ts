import {
  createApp,
  createLogger,
  inlineJobs,
  memoryRateLimit,
  memorySessions,
  Resources,
  type RunningApp,
  smtpMailer,
} from '@day90/core';
import { openSqlite, sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import type { Config } from '../../src/config.ts';
import { naivePosts } from '../../src/naive/naive-posts.ts';

/** Stage 1 with one thing taken back, the JOIN: indexes and the open connection stay, so that nothing else is measured. */
export async function buildApp(config: Config): Promise<RunningApp> {
  const resources = new Resources();
  const logger = createLogger(config);
  const db = resources.use(await openSqlite(config.SQLITE_PATH));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  const users = sqlUsers(db);
  const posts = naivePosts(db, sqlPosts(db));
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const sessions = memorySessions();
  const rateLimit = memoryRateLimit();

  const app = createApp({
    config,
    logger,
    users,
    posts,
    views,
    answers,
    jobs,
    sessions,
    rateLimit,
    transactor: db.transactor,
    middleware: [
      // outermost first
    ],
  });
  return { app, resources };
}
