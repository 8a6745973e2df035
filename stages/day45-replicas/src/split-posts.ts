import type { Posts } from '@day90/core';

/**
 * Posts that are written in one place and read in another.
 * @param writes - On the primary.
 * @param reads - On any database that has seen enough for the reader.
 */
export function splitPosts(writes: Posts, reads: Posts): Posts {
  return {
    findById: (id) => reads.findById(id),
    recent: (page) => reads.recent(page),
    byAuthor: (authorId, page) => reads.byAuthor(authorId, page),
    popular: () => reads.popular(),
    create: (authorId, post) => writes.create(authorId, post),
    update: (id, authorId, changes, ifVersions) => writes.update(id, authorId, changes, ifVersions),
  };
}
