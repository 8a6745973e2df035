export { cachedPosts } from './cached-posts.ts';
export { cachedUsers } from './cached-users.ts';
export { type CacheLives, cacheEnv } from './env.ts';
export { Gate } from './gate.ts';
export { Invalidations } from './invalidations.ts';
export { type Cache, connectCache } from './redis-cache.ts';
export { connectRedis, type RedisLink, runScript, script } from './redis-link.ts';
export { redisRateLimit } from './redis-rate-limit.ts';
