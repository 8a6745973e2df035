import { type Box, createApp, inlineJobs, memoryRateLimit, smtpMailer } from '@day90/core';
import { cachedUsers, connectCache, redisRateLimit } from 'stage-2';
import { redisSessions } from 'stage-3';
import {
  cachedWholePages,
  FollowSaga,
  handoverRecoverer,
  sagaRecoverer,
  shardedAnswers,
  shardedIds,
  shardedPosts,
  shardedRecommend,
  shardedUsers,
  shardedViews,
} from 'stage-4/sharded';
import type { Config } from '../../../src/sharded/config.ts';
import { BelievingShards } from './believing-shards.ts';

/** The sharded root, but for its shards. */
export async function buildApp(config: Config, { logger, resources }: Box) {
  const shards = resources.use(new BelievingShards(config.SHARD_URLS, { pool: config.DATABASE_POOL, logger }));
  const cache = resources.use(connectCache(config.CACHE_URL, logger));
  const sessions = resources.use(redisSessions(config.SESSION_URL, { logger }));
  const mailer = resources.use(smtpMailer(config.SMTP_URL, config.MAIL_FROM));

  const ids = shardedIds(config.ID_WORKER);
  const saga = new FollowSaga(shards, logger);
  resources.use(sagaRecoverer(shards, saga, logger));
  resources.use(handoverRecoverer(shards, logger));
  let users = shardedUsers(shards, { ids, saga, logger });
  users = cachedUsers(users, cache, config);
  let posts = shardedPosts(shards, ids);
  posts = cachedWholePages(posts, cache, config);
  const views = resources.use(shardedViews(shards, logger));
  const answers = resources.use(shardedAnswers(shards, logger));
  const jobs = inlineJobs({ mailer, recommend: shardedRecommend(shards), logger });
  const rateLimit = redisRateLimit(sessions.link, memoryRateLimit());

  return createApp({ config, logger, users, posts, views, answers, jobs, sessions, rateLimit, db: shards }, [
    // outermost first; nginx writes the access log and sets the security headers
  ]);
}
