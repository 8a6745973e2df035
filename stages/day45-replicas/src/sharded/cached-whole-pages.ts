import type { Json, Page, Post, Posts } from '@day90/core';
import { type Cache, type CacheLives, cachedPosts } from 'stage-2';

/** Carries a page past the cache, which keeps whatever it is given. */
class PartialPage extends Error {
  readonly page: Json<Page<Post>>;

  constructor(page: Json<Page<Post>>) {
    super('A part of this page could not be had.');
    this.page = page;
  }
}

/**
 * As {@link cachedPosts}, but keeps no page from which a shard is missing: the popular one lives for ten minutes, and a shard is
 * back sooner.
 */
export function cachedWholePages(posts: Posts, cache: Cache, lives: CacheLives): Posts {
  const cached = cachedPosts(
    withPopular(posts, () => whole(posts.popular())),
    cache,
    lives,
  );
  return withPopular(cached, () => cached.popular().catch(pageOf));
}

/** Every method written out: `...posts` would drop those of a class instance. */
function withPopular(posts: Posts, popular: Posts['popular']): Posts {
  return {
    popular,
    findById: (id) => posts.findById(id),
    recent: (page) => posts.recent(page),
    byAuthor: (authorId, page) => posts.byAuthor(authorId, page),
    create: (authorId, post) => posts.create(authorId, post),
    update: (id, authorId, changes, ifVersions) => posts.update(id, authorId, changes, ifVersions),
  };
}

async function whole(loading: Promise<Json<Page<Post>>>): Promise<Json<Page<Post>>> {
  const page = await loading;
  if (page.value.partial) throw new PartialPage(page);
  return page;
}

function pageOf(error: unknown): Json<Page<Post>> {
  if (error instanceof PartialPage) return error.page;
  throw error;
}
