import { type Box, createApp, inlineJobs, memoryRateLimit, smtpMailer } from '@day90/core';
import { sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { cachedPosts, cachedUsers, connectCache, redisRateLimit } from 'stage-2';
import { redisSessions } from 'stage-3';
import type { Config } from '../../src/config.ts';
import { patientPostgres } from './patient-postgres.ts';

/** Stage 3 without a deadline between it and its database. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(patientPostgres(config.DATABASE_URL, config.DATABASE_POOL));
  const cache = resources.use(connectCache(config.CACHE_URL, logger));
  const sessions = resources.use(redisSessions(config.SESSION_URL, { logger }));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  let users = sqlUsers(db);
  users = cachedUsers(users, cache, config);
  let posts = sqlPosts(db);
  posts = cachedPosts(posts, cache, config);
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const rateLimit = redisRateLimit(sessions.link, memoryRateLimit());

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db }, [
    // outermost first; nginx writes the access log and sets the security headers
  ]);
}
