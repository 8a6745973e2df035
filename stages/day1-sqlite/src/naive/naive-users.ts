import type { Users } from '@day90/core';

/** Members without a unique index on the address: whether it is taken is looked up first, over the whole table. */
export function naiveUsers(users: Users): Users {
  return {
    async create(user) {
      return (await users.findByEmail(user.email)) ? undefined : users.create(user);
    },
    findById: (id) => users.findById(id),
    findByEmail: (email) => users.findByEmail(email),
    follow: (follower, followee) => users.follow(follower, followee),
    recommendations: (id) => users.recommendations(id),
    setPasswordHash: (id, hash) => users.setPasswordHash(id, hash),
  };
}
