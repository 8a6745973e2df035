import { type Box, createApp, inlineJobs, memoryRateLimit, smtpMailer } from '@day90/core';
import { sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { cachedPosts, cachedUsers, connectCache, redisRateLimit } from 'stage-2';
import { redisSessions } from 'stage-3';
import { openCluster, ownWrites, splitPosts, splitUsers } from 'stage-4';
import { cacheHeaders, connectEdges, namedPosts, namedUsers, openPictures, purgedPosts, staticFiles } from 'stage-5';
import type { Config } from '../../src/config.ts';
import { behindImages } from './behind-images.ts';

/** Stage 5 with one thing changed: a picture is acknowledged before it is in the store. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(openCluster(config.DATABASE_URLS, pools));
  const cache = resources.use(connectCache(config.CACHE_URL, logger));
  const sessions = resources.use(redisSessions(config.SESSION_URL, { logger }));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));
  const edges = resources.use(connectEdges(config, logger));
  const kept = resources.use(openPictures(config.IMAGES_URL, db.primary, logger));
  const pictures = { ...kept, images: behindImages(kept.images) };
  const files = staticFiles();

  let users = splitUsers(sqlUsers(db.primary), sqlUsers(db.reads));
  users = cachedUsers(users, cache, config);
  users = namedUsers(users, files);
  let posts = splitPosts(sqlPosts(db.primary), sqlPosts(db.reads));
  posts = cachedPosts(posts, cache, config);
  posts = purgedPosts(posts, edges);
  posts = namedPosts(posts, files);
  const views = resources.use(sqlViews(db.primary, logger));
  const answers = resources.use(sqlAnswers(db.primary, logger));
  const jobs = inlineJobs({ mailer, recommend: sqlRecommend(db.primary), logger });
  const rateLimit = redisRateLimit(sessions.link, memoryRateLimit());

  const parts = { config, logger, users, posts, views, answers, jobs, sessions, rateLimit, pictures, db: db.primary };
  return createApp(parts, [
    // outermost first; nginx writes the access log and sets the security headers
    cacheHeaders(cache, config),
    ownWrites(sessions.link, config),
    files.serve,
  ]);
}
