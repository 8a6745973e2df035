import { afterCommit, currentContext, type Posts, transaction } from '@day90/core';
import { FakePosts, FakeStore, FakeUsers, inRequest, newMember } from '@day90/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { purgedPosts } from 'stage-5';

let store: FakeStore;
let purged: string[][];
let posts: Posts;
let author: string;
const request = <T>(work: () => Promise<T>) => inRequest(store, work);
const tagsOf = (work: () => Promise<unknown>) =>
  request(async () => {
    await work();
    return [...(currentContext()?.tags ?? [])];
  });
const write = (title = 'Title') => request(() => transaction(() => posts.create(author, { title, body: 'Body' })));

beforeEach(async () => {
  store = new FakeStore();
  purged = [];
  posts = purgedPosts(new FakePosts(store), { purge: async (tags) => void purged.push(tags) });
  author = await newMember({ transactor: store.transactor, users: new FakeUsers(store) });
});

describe('purgedPosts', () => {
  it('tells edges of a new post where it will be seen', async () => {
    await write();
    expect(purged).toEqual([['feed', `posts-by-${author}`]]);
  });

  it('tells edges of a change by the post, which every list of it bears', async () => {
    const { id } = (await write()).value;
    purged = [];
    await request(() => transaction(() => posts.update(id, author, { title: 'New' })));
    expect(purged).toEqual([[`post-${id}`, `posts-by-${author}`]]);
  });

  it('tells them once the write is committed, after whatever was asked for before, and notes it for the answer', async () => {
    const order: string[] = [];
    const inner = new FakePosts(store);
    const cached: Posts = Object.assign(Object.create(inner), {
      async create(...args: Parameters<Posts['create']>) {
        const created = await inner.create(...args);
        await afterCommit(async () => void order.push('cache'));
        return created;
      },
    });
    const both = purgedPosts(cached, { purge: async () => void order.push('edges') });
    const tags = await tagsOf(() =>
      transaction(async () => {
        await both.create(author, { title: 'T', body: 'B' });
        order.push('commit');
      }),
    );
    expect(order).toEqual(['commit', 'cache', 'edges']);
    expect(tags).toEqual(['feed', `posts-by-${author}`]);
  });

  it('tells them nothing of what is rolled back', async () => {
    const failed = request(() =>
      transaction(async () => {
        await posts.create(author, { title: 'T', body: 'B' });
        throw new Error('no');
      }),
    );
    await expect(failed).rejects.toThrow('no');
    expect(purged).toEqual([]);
  });

  it('tells them after a lost race, too, and of nothing that is not the author’s', async () => {
    const { id } = (await write()).value;
    purged = [];
    expect(await request(() => transaction(() => posts.update(id, author, { title: 'N' }, ['0'])))).toBe(
      'version_mismatch',
    );
    expect(purged).toHaveLength(1);
    expect(await request(() => transaction(() => posts.update(id, '999', { title: 'N' })))).toBe('not_found');
    expect(purged).toHaveLength(1);
  });

  it('names in each read what it is made of', async () => {
    const [first, second] = [(await write()).value.id, (await write()).value.id];
    const page = await request(() => posts.recent({ limit: 1 }));
    const before = { createdAt: Date.parse(page.value.items[0]?.createdAt ?? ''), id: second };
    expect(await tagsOf(() => posts.findById(first))).toEqual([`post-${first}`]);
    expect(await tagsOf(() => posts.findById('999'))).toEqual(['post-999']);
    expect((await tagsOf(() => posts.recent({ limit: 5 }))).sort()).toEqual(
      ['feed', `post-${first}`, `post-${second}`].sort(),
    );
    // What comes later is on the pages before it.
    expect(await tagsOf(() => posts.recent({ limit: 5, before }))).not.toContain('feed');
    expect(await tagsOf(() => posts.byAuthor(author, { limit: 5 }))).toEqual([`posts-by-${author}`]);
    expect((await tagsOf(() => posts.popular())).sort()).toEqual(['feed', `post-${first}`, `post-${second}`].sort());
  });

  it('names the full popular list by its posts alone: a new post is not on it', async () => {
    for (let i = 0; i < 20; i++) await write();
    const tags = await tagsOf(() => posts.popular());
    expect(tags).toHaveLength(20);
    expect(tags).not.toContain('feed');
  });
});
