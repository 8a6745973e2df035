import type { Users } from '@day90/core';

/**
 * Members who are written in one place and read in another. Accounts are read where they are written: somebody who has just
 * signed up logs in next, and is nobody's own writes to wait for yet.
 * @param writes - On the primary.
 * @param reads - On any database that has seen enough for the reader.
 */
export function splitUsers(writes: Users, reads: Users): Users {
  return {
    findById: (id) => reads.findById(id),
    findByEmail: (email) => writes.findByEmail(email),
    create: (user) => writes.create(user),
    follow: (follower, followee) => writes.follow(follower, followee),
    recommendations: (id) => reads.recommendations(id),
    setPasswordHash: (id, passwordHash) => writes.setPasswordHash(id, passwordHash),
  };
}
