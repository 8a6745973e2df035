import type { Json, NewPost, Page, PageRequest, Post, PostChanges, Posts } from '@day90/core';
import { FakePosts, type FakeStore } from '@day90/testing';

/** Posts in memory whose reads a test counts, and holds back: what was read by then is handed over later. */
export class HeldPosts implements Posts {
  /** Reads that may be answered from a cache. */
  loads = 0;
  /** Thrown by the next reads, in place of what they read. */
  failure: Error | undefined;
  /** Time that each read takes, in milliseconds. */
  ms = 0;
  #held: Promise<void> | undefined;
  readonly #posts: FakePosts;

  constructor(store: FakeStore) {
    this.#posts = new FakePosts(store);
  }

  /** Holds reads back from now on. @returns What lets them go, those to come included. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = undefined;
      resolve();
    };
  }

  findById(id: string): Promise<Json<Post> | undefined> {
    return this.#load(this.#posts.findById(id));
  }

  byAuthor(authorId: string, page: PageRequest): Promise<Json<Page<Post>>> {
    return this.#load(this.#posts.byAuthor(authorId, page));
  }

  popular(): Promise<Json<Page<Post>>> {
    return this.#load(this.#posts.popular());
  }

  recent(page: PageRequest): Promise<Json<Page<Post>>> {
    return this.#posts.recent(page);
  }

  create(authorId: string, post: NewPost): Promise<Json<Post>> {
    return this.#posts.create(authorId, post);
  }

  update(id: string, authorId: string, changes: PostChanges, ifVersions?: string[]) {
    return this.#posts.update(id, authorId, changes, ifVersions);
  }

  async #load<T>(reading: Promise<T>): Promise<T> {
    this.loads += 1;
    const read = await reading;
    if (this.ms > 0) await new Promise((resolve) => setTimeout(resolve, this.ms));
    await this.#held;
    if (this.failure) throw this.failure;
    return read;
  }
}
