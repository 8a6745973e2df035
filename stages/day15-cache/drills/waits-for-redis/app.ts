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
import { cachedPosts, cachedUsers, redisRateLimit } from 'stage-2';
import type { Config } from '../../src/config.ts';
import { RedisCache } from '../../src/redis-cache.ts';
import { patientLink } from './patient-link.ts';

/** Stage 2 without a deadline and a breaker between it and Redis. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(await openSqlite(config.SQLITE_PATH));
  const cache = resources.use(new RedisCache(patientLink(config.CACHE_URL, logger)));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  let users = sqlUsers(db);
  users = cachedUsers(users, cache, config);
  let posts = sqlPosts(db);
  posts = cachedPosts(posts, cache, config);
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const sessions = memorySessions();
  const rateLimit = redisRateLimit(cache.link, memoryRateLimit());

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db }, [
    // outermost first
    accessLog(logger),
    securityHeaders(config.PUBLIC_URL),
  ]);
}
