import { afterCommit, type Posts } from '@day90/core';
import { Counter } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** Counts the posts that are created, and none whose transaction is rolled back. */
export function countedPosts(posts: Posts, { registry }: Metrics): Posts {
  const help = 'Posts that members have created.';
  const created = new Counter({ name: 'posts_created_total', help, registers: [registry] });
  return {
    async create(authorId, post) {
      const made = await posts.create(authorId, post);
      await afterCommit(async () => created.inc());
      return made;
    },
    findById: (id) => posts.findById(id),
    recent: (page) => posts.recent(page),
    byAuthor: (authorId, page) => posts.byAuthor(authorId, page),
    popular: () => posts.popular(),
    update: (id, authorId, changes, ifVersions) => posts.update(id, authorId, changes, ifVersions),
  };
}
