import { afterCommit, type Users } from '@day90/core';
import { cachedThings } from './cached-things.ts';
import type { CacheLives } from './env.ts';
import type { Cache } from './redis-cache.ts';

/**
 * Serves the public shape of a member from a cache. Accounts pass through: a password hash has no place in a cache.
 * @param users - The source of truth.
 */
export function cachedUsers(users: Users, cache: Cache, lives: CacheLives): Users {
  const things = cachedThings(lives);
  return {
    findById: (id) => cache.through(things.user(id), () => users.findById(id)),
    findByEmail: (email) => users.findByEmail(email),
    async create(user) {
      const created = await users.create(user);
      if (created) await afterCommit(() => cache.drop([things.user(created.id).key]), { harmless: true });
      return created;
    },
    follow: (follower, followee) => users.follow(follower, followee),
    recommendations: (id) => users.recommendations(id),
    setPasswordHash: (id, passwordHash) => users.setPasswordHash(id, passwordHash),
  };
}
