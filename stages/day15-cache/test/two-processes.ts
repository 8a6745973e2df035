import { type Json, type Post, type Posts, runInContext, transaction, type Users } from '@day90/core';
import { FakeStore, FakeUsers, newMember } from '@day90/testing';
import { cachedPosts, cachedUsers } from 'stage-2';
import type { RedisCache } from '../src/redis-cache.ts';
import { openSimpleRedis } from '../src/unprotected/simple-redis.ts';
import { unprotectedPosts } from '../src/unprotected/unprotected-posts.ts';
import { HeldPosts } from './held-posts.ts';
import { logger, openCache, type TestRedis } from './redis-rig.ts';

export const LIVES = { CACHE_POST_SECONDS: 60, CACHE_POPULAR_SECONDS: 600, CACHE_USER_SECONDS: 3600 };

/** What a request was answered, and what it says of the cache. */
export interface Answered<T> {
  result: T;
  cache: string | undefined;
}

/** Two processes of one app: one database, one Redis, and nothing else in common. */
export class TwoProcesses {
  readonly store = new FakeStore();
  readonly source = new HeldPosts(this.store);
  readonly members = new FakeUsers(this.store);
  /** The posts of each. */
  readonly posts: [Posts, Posts];
  authorId = '';
  readonly #closing: (() => Promise<void>)[];

  private constructor(decorate: (source: Posts) => [Posts, Posts], closing: (() => Promise<void>)[]) {
    this.posts = decorate(this.source);
    this.#closing = closing;
  }

  /** As stage 2 has them. @param urls - Where each finds Redis. */
  static async cached(
    redis: TestRedis,
    urls: [string, string] = [redis.url, redis.url],
  ): Promise<TwoProcesses & { caches: [RedisCache, RedisCache]; users: [Users, Users] }> {
    await redis.admin('FLUSHALL');
    const caches: [RedisCache, RedisCache] = [await openCache(urls[0]), await openCache(urls[1])];
    const [a, b] = caches;
    const two = new TwoProcesses(
      (source) => [cachedPosts(source, a, LIVES), cachedPosts(source, b, LIVES)],
      [() => a.close(), () => b.close()],
    );
    await two.#signUp();
    const users: [Users, Users] = [cachedUsers(two.members, a, LIVES), cachedUsers(two.members, b, LIVES)];
    return Object.assign(two, { caches, users });
  }

  /** As the cache is usually taught. */
  static async unprotected(redis: TestRedis): Promise<TwoProcesses> {
    await redis.admin('FLUSHALL');
    const [a, b] = [await openSimpleRedis(redis.url, logger), await openSimpleRedis(redis.url, logger)];
    const two = new TwoProcesses(
      (source) => [unprotectedPosts(source, a, LIVES), unprotectedPosts(source, b, LIVES)],
      [() => a.close(), () => b.close()],
    );
    await two.#signUp();
    return two;
  }

  async #signUp(): Promise<void> {
    this.authorId = await newMember({ transactor: this.store.transactor, users: this.members });
  }

  /** A post that no process has seen. */
  async newPost(title = 'old'): Promise<string> {
    return (await this.source.create(this.authorId, { title, body: 'Body' })).value.id;
  }

  /** Changes the title over a process, as its route does. */
  async retitle(process: 0 | 1, id: string, title: string): Promise<void> {
    await this.request(() => transaction(() => this.posts[process].update(id, this.authorId, { title })));
  }

  async titleOf(process: 0 | 1, id: string): Promise<string | undefined> {
    return (await this.read(process, id)).result?.value.title;
  }

  read(process: 0 | 1, id: string): Promise<Answered<Json<Post> | undefined>> {
    return this.request(() => this.posts[process].findById(id));
  }

  /** The first page of the author. */
  byAuthor(process: 0 | 1, authorId = this.authorId) {
    return this.request(() => this.posts[process].byAuthor(authorId, { limit: 20 }));
  }

  popular(process: 0 | 1) {
    return this.request(() => this.posts[process].popular());
  }

  /** Runs `work` as a request does, in a context of its own. */
  request<T>(work: () => Promise<T>): Promise<Answered<T>> {
    const timings = new Map<string, string>();
    const { transactor } = this.store;
    const context = { requestId: 'test', deadline: Number.POSITIVE_INFINITY, transactor, timings };
    return runInContext(
      { ...context, queries: { count: 0, ms: 0 }, written: { position: '' }, tags: new Set() },
      async () => ({
        result: await work(),
        cache: timings.get('cache')?.replace('desc=', ''),
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.map((close) => close()));
  }
}
