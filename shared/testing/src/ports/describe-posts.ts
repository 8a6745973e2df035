import { type Json, type Page, type PageRequest, type Post, type Posts, transaction, type Views } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { inRequest, type MemberRig, newMember, Rollback } from './request.ts';

export interface PostsRig extends MemberRig {
  posts: Posts;
  views: Views;
  /** Forgets what is kept of the popular page, where an adapter may show older counts of views for a while. */
  forgetPopular?(): Promise<void>;
}

const UNKNOWN_ID = '9223372036854775807';

/** The contract of `Posts`, for every adapter and decorator. Stores may hold other posts, but none of a time to come. */
export function describePosts(name: string, makeRig: () => Promise<PostsRig>): void {
  describe(`${name} as Posts`, () => {
    let rig: PostsRig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterAll(() => rig.close?.());
    const write = (authorId: string, title = 'A title', body = 'A body') =>
      inRequest(rig, () => transaction(() => rig.posts.create(authorId, { title, body })));
    const read = (id: string) => inRequest(rig, () => rig.posts.findById(id));

    describeReading(() => ({ rig, write, read }));
    describeLists(() => ({ rig, write, read }));
    describeChanging(() => ({ rig, write, read }));
  });
}

interface Tools {
  rig: PostsRig;
  write(authorId: string, title?: string, body?: string): Promise<Json<Post>>;
  read(id: string): Promise<Json<Post> | undefined>;
}

function describeReading(tools: () => Tools): void {
  it('finds a post as it was written, with its author', async () => {
    const { rig, write, read } = tools();
    const authorId = await newMember(rig, 'Ada Author');
    const author = (await inRequest(rig, () => rig.users.findById(authorId)))?.value;
    const before = Date.now();

    const { value } = await write(authorId, 'Title', 'Body');

    const found = await read(value.id);
    expect(found?.value).toEqual(value);
    expect(JSON.parse(found?.text ?? '')).toEqual(value);
    expect(value).toEqual({
      id: expect.stringMatching(/^[1-9]\d*$/),
      title: 'Title',
      body: 'Body',
      createdAt: new Date(value.createdAt).toISOString(),
      updatedAt: value.createdAt,
      views: 0,
      author: { id: authorId, name: 'Ada Author', avatarUrl: author?.avatarUrl },
    });
    expect(Date.parse(value.createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(value.createdAt)).toBeLessThanOrEqual(Date.now());
  });

  it('finds nothing for an id that no post has', async () => {
    expect(await tools().read(UNKNOWN_ID)).toBeUndefined();
  });

  it.each([
    ['quotes and SQL', `'"\`; DROP TABLE posts; -- \\ %s $1 ? :id`],
    ['many scripts', 'Grüße, 안녕하세요, שלום, 👩‍👩‍👧‍👦, e\u0301, \u2028'],
    ['the longest body', 'x'.repeat(20_000)],
  ])('keeps %s as they are', async (_what, body) => {
    const { rig, write, read } = tools();
    const { value } = await write(await newMember(rig), 'Title', body);
    expect((await read(value.id))?.value.body).toBe(body);
  });
}

function describeLists(tools: () => Tools): void {
  it('walks through posts of the same millisecond, newest first, each exactly once', async () => {
    const { rig } = tools();
    const authorId = await newMember(rig);
    await inRequest(rig, () =>
      transaction(async () => {
        for (let i = 0; i < 40; i++) await rig.posts.create(authorId, { title: `Post ${i}`, body: 'Body' });
      }),
    );
    const byAuthor = await walk((page) => inRequest(rig, () => rig.posts.byAuthor(authorId, page)), 7, 40);
    expect(byAuthor.map((post) => post.title)).toEqual(Array.from({ length: 40 }, (_, i) => `Post ${39 - i}`));
    const recent = await walk((page) => inRequest(rig, () => rig.posts.recent(page)), 7, 40);
    expect(recent.map((post) => post.id)).toEqual(byAuthor.map((post) => post.id));
  });

  it("keeps to one author's posts, with no next page after the last", async () => {
    const { rig, write } = tools();
    const authorId = await newMember(rig);
    const { value } = await write(authorId);
    await write(await newMember(rig));
    const page = await inRequest(rig, () => rig.posts.byAuthor(authorId, { limit: 1 }));
    expect(page.value).toEqual({ items: [value], next: null });
    expect(JSON.parse(page.text)).toEqual(page.value);
  });

  it('has an empty page for an author that does not exist', async () => {
    const { rig } = tools();
    const page = await inRequest(rig, () => rig.posts.byAuthor(UNKNOWN_ID, { limit: 5 }));
    expect(page.value).toEqual({ items: [], next: null });
  });

  it('lists at most 20 posts as popular, the most viewed first', async () => {
    const { rig, write } = tools();
    const authorId = await newMember(rig);
    const ids: string[] = [];
    for (let i = 0; i < 21; i++) ids.push((await write(authorId)).value.id);
    const top = (await popular(rig))[0]?.views ?? 0;
    for (const [i, id] of ids.slice(0, 3).entries()) for (let n = 0; n < top + 3 - i; n++) rig.views.add(id);
    const expected = ids.slice(0, 3);
    const listed = await eventually(
      async () => {
        await rig.forgetPopular?.();
        return popular(rig);
      },
      (posts) => expected.every((id, i) => posts[i]?.id === id),
    );
    expect(listed).toHaveLength(20);
    expect(listed.map((post) => post.views)).toEqual(listed.map((post) => post.views).sort((a, b) => b - a));
  });
}

function describeChanging(tools: () => Tools): void {
  it('changes what is given and leaves the rest', async () => {
    const { rig, write, read } = tools();
    const authorId = await newMember(rig);
    const { value, version } = await write(authorId, 'Old title', 'Old body');
    const changed = await inRequest(rig, () =>
      rig.posts.update(value.id, authorId, { title: 'New title' }, ['999', String(version)]),
    );
    expect(changed).toMatchObject({ value: { ...value, title: 'New title', updatedAt: expect.any(String) } });
    expect(await read(value.id)).toMatchObject({ value: { title: 'New title', body: 'Old body' } });
    expect((await read(value.id))?.version).not.toBe(version);
  });

  it("does not find someone else's post, nor one that does not exist", async () => {
    const { rig, write, read } = tools();
    const { value } = await write(await newMember(rig), 'Mine');
    const other = await newMember(rig);
    const update = (id: string) => inRequest(rig, () => rig.posts.update(id, other, { title: 'Taken over' }));
    expect(await update(value.id)).toBe('not_found');
    expect(await update(UNKNOWN_ID)).toBe('not_found');
    expect((await read(value.id))?.value).toEqual(value);
  });

  it('lets one of two changes of the same version through', async () => {
    const { rig, write } = tools();
    const authorId = await newMember(rig);
    const { value, version } = await write(authorId);
    const update = (title: string) =>
      inRequest(rig, () => transaction(() => rig.posts.update(value.id, authorId, { title }, [String(version)])));
    const outcomes = await Promise.all([update('First'), update('Second')]);
    expect(outcomes.filter((outcome) => outcome === 'version_mismatch')).toHaveLength(1);
  });

  it('takes everything back when the transaction is rolled back', async () => {
    const { rig, write, read } = tools();
    const authorId = await newMember(rig);
    const kept = await write(authorId, 'Kept');
    let lostId = '';
    const work = async () => {
      lostId = (await rig.posts.create(authorId, { title: 'Lost', body: 'Lost' })).value.id;
      await rig.posts.update(kept.value.id, authorId, { title: 'Lost' });
      expect((await rig.posts.findById(lostId))?.value.title).toBe('Lost');
      throw new Rollback();
    };
    await expect(inRequest(rig, () => transaction(work))).rejects.toThrow(Rollback);
    expect(await read(lostId)).toBeUndefined();
    expect(await read(kept.value.id)).toMatchObject({ value: kept.value, version: kept.version });
  });
}

async function popular(rig: PostsRig): Promise<Post[]> {
  return (await inRequest(rig, () => rig.posts.popular())).value.items;
}

/** Follows `next` until `count` posts are there. */
async function walk(
  list: (page: PageRequest) => Promise<Json<Page<Post>>>,
  limit: number,
  count: number,
): Promise<Post[]> {
  const seen: Post[] = [];
  let before: PageRequest['before'];
  while (seen.length < count) {
    const { items, next } = (await list({ limit, ...(before && { before }) })).value;
    seen.push(...items);
    if (next === null) break;
    const [createdAt, id = ''] = next.split('_');
    before = { createdAt: Number(createdAt), id };
  }
  return seen.slice(0, count);
}
