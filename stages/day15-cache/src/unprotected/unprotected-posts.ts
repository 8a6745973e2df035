import { Json, noteTiming, type Page, type Post, type Posts } from '@day90/core';
import type { CacheLives } from '../env.ts';
import type { SimpleRedis } from './simple-redis.ts';

/**
 * The cache as it is usually taught: GET, else load and SETEX; DEL by the keys that come to mind. Everything the step
 * protects against happens here: a thousand readers of an expired key are a thousand loads, an old value is set after the
 * delete, a post that was asked for too early stays away, and without Redis there is no page.
 */
export function unprotectedPosts(posts: Posts, redis: SimpleRedis, lives: CacheLives): Posts {
  async function cached<T>(key: string, seconds: number, load: () => Promise<Json<T> | undefined>) {
    const hit = await redis.get(key);
    noteTiming('cache', `desc=${hit === null ? 'miss' : 'hit'}`);
    if (hit !== null) {
      const { version, value } = JSON.parse(hit) as { version?: string; value: T };
      return Json.of(value, version);
    }
    const json = await load();
    if (json) await redis.setEx(key, seconds, JSON.stringify({ version: json.version, value: json.value }));
    return json;
  }
  return {
    findById: (id) => cached(`post:${id}`, lives.CACHE_POST_SECONDS, () => posts.findById(id)),
    byAuthor: (authorId, page) =>
      page.before || page.limit !== 20
        ? posts.byAuthor(authorId, page)
        : (cached(`user_posts:${authorId}`, lives.CACHE_POST_SECONDS, () => posts.byAuthor(authorId, page)) as Promise<
            Json<Page<Post>>
          >),
    popular: () =>
      cached('popular_posts', lives.CACHE_POPULAR_SECONDS, () => posts.popular()) as Promise<Json<Page<Post>>>,
    recent: (page) => posts.recent(page),
    create: (authorId, post) => posts.create(authorId, post),
    async update(id, authorId, changes, ifVersions) {
      const updated = await posts.update(id, authorId, changes, ifVersions);
      await redis.del([`post:${id}`, 'popular_posts', `user_posts:${authorId}`]);
      return updated;
    },
  };
}
