import { afterCommit, type Json, type Page, type Post, type Posts } from '@day90/core';
import { cachedThings, NEW_POST } from './cached-things.ts';
import type { CacheLives } from './env.ts';
import type { Cache } from './redis-cache.ts';

/** The page that a visitor of an author sees first. */
const FIRST_PAGE = 20;

/**
 * Serves one post, an author's first page and the popular page from a cache, and ends there what a write has changed.
 * @param posts - The source of truth.
 * @returns Posts with the results and errors of `posts`; after a lost invalidation, for as long as the lives say, older ones.
 */
export function cachedPosts(posts: Posts, cache: Cache, lives: CacheLives): Posts {
  const things = cachedThings(lives);
  return {
    findById: (id) => cache.through(things.post(id), () => posts.findById(id)),
    async byAuthor(authorId, page) {
      // Further pages are read once each: they would push out of the cache what is read often.
      if (page.before || page.limit !== FIRST_PAGE) return posts.byAuthor(authorId, page);
      return there(await cache.through(things.postsBy(authorId), () => posts.byAuthor(authorId, page)));
    },
    popular: async () => there(await cache.through(things.popular, () => posts.popular())),
    // Any new post ends it: at ten posts a second it would be loaded ten times a second, and by index it costs next to nothing.
    recent: (page) => posts.recent(page),
    async create(authorId, post) {
      const created = await posts.create(authorId, post);
      // Its own key, too: somebody may have asked for it before it was there, and that answer is in the cache.
      await drop(cache, [things.post(created.value.id).key, things.postsBy(authorId).key, NEW_POST]);
      return created;
    },
    async update(id, authorId, changes, ifVersions) {
      const updated = await posts.update(id, authorId, changes, ifVersions);
      // A mismatch, too: it may be the second try of a write whose process died before it could end the old entry, and a
      // client that reads the old version again and again can never write.
      if (updated !== 'not_found') await drop(cache, [things.post(id).key, things.postsBy(authorId).key]);
      return updated;
    },
  };
}

function drop(cache: Cache, tags: string[]): Promise<void> {
  return afterCommit(() => cache.drop(tags), { harmless: true });
}

/** A list is there even when it is empty. */
function there(page: Json<Page<Post>> | undefined): Json<Page<Post>> {
  return page as Json<Page<Post>>;
}
