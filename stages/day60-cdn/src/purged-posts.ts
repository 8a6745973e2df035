import {
  afterCommit,
  type Json,
  noteTags,
  type Page,
  type Post,
  type PostId,
  type Posts,
  type UserId,
} from '@day90/core';
import type { Edges } from './edges.ts';

/** The newest posts, from the top: any new one changes it. */
const FEED = 'feed';
const POPULAR_COUNT = 20;
const post = (id: PostId) => `post-${id}`;
const postsBy = (id: UserId) => `posts-by-${id}`;

/**
 * Tells edges what is over once a write is committed, and names in each read what its answer is made of. To be put around the
 * cache: effects run in the order they were asked for, and an edge that asks anew must not be given the cache's old entry.
 */
export function purgedPosts(posts: Posts, edges: Edges): Posts {
  const purge = async (tags: string[]) => {
    noteTags(tags);
    await afterCommit(() => edges.purge(tags), { harmless: true });
  };
  return {
    findById(id) {
      noteTags([post(id)]);
      return posts.findById(id);
    },
    async recent(page) {
      const found = await posts.recent(page);
      noteTags([...(page.before ? [] : [FEED]), ...itemsOf(found)]);
      return found;
    },
    byAuthor(authorId, page) {
      noteTags([postsBy(authorId)]);
      return posts.byAuthor(authorId, page);
    },
    async popular() {
      const found = await posts.popular();
      const items = itemsOf(found);
      noteTags([...items, ...(items.length < POPULAR_COUNT ? [FEED] : [])]); // any new post is on it
      return found;
    },
    async create(authorId, newPost) {
      const created = await posts.create(authorId, newPost);
      await purge([FEED, postsBy(authorId)]);
      return created;
    },
    async update(id, authorId, changes, ifVersions) {
      const updated = await posts.update(id, authorId, changes, ifVersions);
      // A mismatch, too: the write whose version it met may be one that died before it could purge anything.
      if (updated !== 'not_found') await purge([post(id), postsBy(authorId)]);
      return updated;
    },
  };
}

function itemsOf({ value }: Json<Page<Post>>): string[] {
  return value.items.map(({ id }) => post(id));
}
