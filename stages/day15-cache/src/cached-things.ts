import type { Page, Post, PostId, User, UserId } from '@day90/core';
import type { CacheLives } from './env.ts';

/** Something that is kept in the cache. Its key is also the tag by which a write names it. */
export interface CachedThing<T> {
  key: string;
  /** Longest life. */
  seconds: number;
  /** Further tags that end it, of what is in it. */
  tags?: (value: T) => string[];
}

/** The key of the one list that holds things of others: it ends with any of them. */
export const POPULAR = 'popular';
const POPULAR_COUNT = 20;
/** Ends the lists that are not full yet: any new post is on them. */
export const NEW_POST = 'new-post';

/** All that is cached, under which keys and for how long. */
export function cachedThings(lives: CacheLives) {
  const post = (id: PostId): CachedThing<Post> => ({ key: `post:${id}`, seconds: lives.CACHE_POST_SECONDS });
  const postsBy = (id: UserId): CachedThing<Page<Post>> => ({
    key: `posts-by:${id}`,
    seconds: lives.CACHE_POST_SECONDS,
  });
  const user = (id: UserId): CachedThing<User> => ({ key: `user:${id}`, seconds: lives.CACHE_USER_SECONDS });
  const popular: CachedThing<Page<Post>> = {
    key: POPULAR,
    seconds: lives.CACHE_POPULAR_SECONDS,
    tags: ({ items }) => [...items.map(({ id }) => post(id).key), ...(items.length < POPULAR_COUNT ? [NEW_POST] : [])],
  };
  return { post, postsBy, user, popular };
}
