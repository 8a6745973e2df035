import { Json, noteTiming, type User, type Users } from '@day90/core';
import type { CacheLives } from '../env.ts';
import type { SimpleRedis } from './simple-redis.ts';

/** Users in a cache as it is usually taught: GET, else load and SETEX. */
export function unprotectedUsers(users: Users, redis: SimpleRedis, lives: CacheLives): Users {
  return {
    async findById(id) {
      const hit = await redis.get(`user:${id}`);
      noteTiming('cache', `desc=${hit === null ? 'miss' : 'hit'}`);
      if (hit !== null) return Json.of(JSON.parse(hit) as User);
      const user = await users.findById(id);
      if (user) await redis.setEx(`user:${id}`, lives.CACHE_USER_SECONDS, JSON.stringify(user.value));
      return user;
    },
    findByEmail: (email) => users.findByEmail(email),
    create: (user) => users.create(user),
    follow: (follower, followee) => users.follow(follower, followee),
    recommendations: (id) => users.recommendations(id),
    setPasswordHash: (id, passwordHash) => users.setPasswordHash(id, passwordHash),
  };
}
