import { type Box, createApp, inlineJobs, memoryRateLimit, smtpMailer } from '@day90/core';
import { sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { cachedPosts, cachedUsers, connectCache } from 'stage-2';
import { openPostgres } from 'stage-3';
import type { Config } from '../../src/config.ts';
import { stockSessions } from './stock-sessions.ts';

/** Stage 3 with its sessions as they are usually kept. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const db = resources.use(openPostgres(config.DATABASE_URL, { pool: config.DATABASE_POOL, logger }));
  const cache = resources.use(connectCache(config.CACHE_URL, logger));
  const sessions = resources.use(stockSessions(config.SESSION_URL, logger));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  let users = sqlUsers(db);
  users = cachedUsers(users, cache, config);
  let posts = sqlPosts(db);
  posts = cachedPosts(posts, cache, config);
  const views = resources.use(sqlViews(db, logger));
  const answers = resources.use(sqlAnswers(db, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db), logger });
  const rateLimit = memoryRateLimit();

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db }, [
    // outermost first; nginx writes the access log and sets the security headers
  ]);
}
