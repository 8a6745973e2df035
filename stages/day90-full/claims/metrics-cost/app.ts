import { type Box, createApp, memoryRateLimit, type PictureParts } from '@day90/core';
import { sqlAnswers, sqlPosts, sqlUsers, sqlViews } from 'stage-1';
import { cachedPosts, cachedUsers, connectCache, redisRateLimit } from 'stage-2';
import { redisSessions } from 'stage-3';
import { openCluster, ownWrites, splitPosts, splitUsers } from 'stage-4';
import { cacheHeaders, connectEdges, namedPosts, namedUsers, openPictures, purgedPosts, staticFiles } from 'stage-5';
import { outboxJobs, sizedPictures } from 'stage-6/app';
import { admission } from '../../src/admission.ts';
import type { Config } from '../../src/config.ts';
import { inFlightLimit } from '../../src/in-flight-limit.ts';

/** The app of day 90 without metrics. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(openCluster(config.DATABASE_URLS, pools));
  const cache = resources.use(connectCache(config.CACHE_URL, logger));
  const sessions = resources.use(redisSessions(config.SESSION_URL, { logger }));
  const edges = resources.use(connectEdges(config, logger));
  let pictures: PictureParts = resources.use(openPictures(config.IMAGES_URL, db.primary, logger));
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
  const jobs = outboxJobs(db.primary);
  pictures = sizedPictures(pictures, jobs);
  const rateLimit = redisRateLimit(sessions.link, memoryRateLimit());
  const limit = resources.use(inFlightLimit(config, logger));

  const parts = { config, logger, users, posts, views, answers, jobs, sessions, rateLimit, pictures, db: db.primary };
  return createApp(parts, [
    // outermost first; nginx writes the access log and sets the security headers
    admission(limit, config, () => undefined),
    cacheHeaders(cache, config),
    ownWrites(sessions.link, config),
    files.serve,
  ]);
}
