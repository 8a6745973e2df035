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
import { sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import type { Config } from '../config.ts';
import { connectionPerRequest } from './connection-per-request.ts';
import { naivePosts } from './naive-posts.ts';
import { naiveUsers } from './naive-users.ts';

/** Day 1 as it is first written: N+1, no index, a connection opened per request. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(await connectionPerRequest(config.SQLITE_PATH));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  const users = naiveUsers(sqlUsers(db));
  const posts = naivePosts(db, sqlPosts(db));
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const sessions = memorySessions();
  const rateLimit = memoryRateLimit();

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db }, [
    // outermost first
    accessLog(logger),
    securityHeaders(config.PUBLIC_URL),
    db.closeAfterAnswer,
  ]);
}
