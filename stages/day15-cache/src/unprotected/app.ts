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
import type { Config } from '../config.ts';
import { openSimpleRedis } from './simple-redis.ts';
import { unprotectedPosts } from './unprotected-posts.ts';
import { unprotectedUsers } from './unprotected-users.ts';

/** Day 15 as it is usually taught: get, setex, del. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(await openSqlite(config.SQLITE_PATH));
  const cache = resources.use(await openSimpleRedis(config.CACHE_URL, logger));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  let users = sqlUsers(db);
  users = unprotectedUsers(users, cache, config);
  let posts = sqlPosts(db);
  posts = unprotectedPosts(posts, cache, config);
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
