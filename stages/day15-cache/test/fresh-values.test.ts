import { type Json, type Page, type Post, transaction } from '@day90/core';
import { newMember } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestRedis } from './redis-rig.ts';
import { TwoProcesses } from './two-processes.ts';

const redis = TestRedis.ofThisFile('fresh-values');
let two: TwoProcesses;
afterEach(() => two?.close());

const titles = (page: Json<Page<Post>>) => page.value.items.map(({ title }) => title);

/** Each scenario once with the step's protections, and once as it is usually taught, to see that it tells them apart. */
const VARIANTS = [
  { variant: 'cachedPosts', start: () => TwoProcesses.cached(redis), holds: true },
  { variant: 'unprotectedPosts', start: () => TwoProcesses.unprotected(redis), holds: false },
] as const;

describe.each(VARIANTS)('$variant', ({ start, holds }) => {
  it.each([
    ['this process', 0],
    ['another process', 1],
  ] as const)(`${holds ? 'never keeps' : 'keeps'} a row read before a write of %s`, async (_whose, writer) => {
    two = await start();
    const id = await two.newPost('old');
    const release = two.source.hold();
    const early = two.titleOf(0, id);
    while (two.source.loads === 0) await new Promise(setImmediate);
    await two.retitle(writer, id, 'new');
    release();
    expect(await early).toBe('old'); // it had begun before
    const later = [await two.titleOf(0, id), await two.titleOf(1, id)];
    expect(later).toEqual(holds ? ['new', 'new'] : ['old', 'old']);
  });

  it(`${holds ? 'shows' : 'hides'} a new post on its author's page`, async () => {
    two = await start();
    await two.newPost('first');
    await two.byAuthor(0);
    await two.request(() => transaction(() => two.posts[1].create(two.authorId, { title: 'second', body: 'Body' })));
    const { result } = await two.byAuthor(0);
    expect(titles(result)).toEqual(holds ? ['second', 'first'] : ['first']);
  });

  it(`${holds ? 'asks the database once' : 'asks the database each time'} for what is not there`, async () => {
    two = await start();
    for (let n = 0; n < 20; n++) expect(await two.titleOf((n % 2) as 0 | 1, '4711')).toBeUndefined();
    expect(two.source.loads).toBe(holds ? 1 : 20);
  });

  it(`${holds ? 'keeps nothing' : 'keeps something'} that was never committed`, async () => {
    two = await start();
    const id = await two.newPost('committed');
    const lost = two.request(() =>
      transaction(async () => {
        await two.posts[0].update(id, two.authorId, { title: 'lost' });
        expect((await two.posts[0].findById(id))?.value.title).toBe('lost');
        throw new Error('rolled back');
      }),
    );
    await expect(lost).rejects.toThrow('rolled back');
    expect(await two.titleOf(1, id)).toBe(holds ? 'committed' : 'lost');
  });
});

describe('a reader that begins after a write', () => {
  it.each([
    ['in the process of the old load', 0],
    ['in another process', 1],
  ] as const)('never joins a load from before, %s', async (_where, reader) => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost('old');
    const release = two.source.hold();
    const early = two.titleOf(0, id);
    while (two.source.loads === 0) await new Promise(setImmediate);
    await two.retitle(0, id, 'new');
    const late = Array.from({ length: 10 }, () => two.titleOf(reader, id));
    await new Promise((resolve) => setTimeout(resolve, 100)); // they have been told of the load
    release();
    expect(await Promise.all(late)).toEqual(Array.from({ length: 10 }, () => 'new'));
    expect(await early).toBe('old');
    expect(two.source.loads).toBe(2);
  });

  it('finds a post that was asked for before it was there, by a load of that time, too', async () => {
    two = await TwoProcesses.cached(redis);
    const id = String(Number(await two.newPost()) + 1);
    expect(await two.titleOf(0, id)).toBeUndefined();
    await redis.admin('DEL', `post:${id}`);
    const release = two.source.hold();
    const early = two.titleOf(1, id);
    while (two.source.loads === 1) await new Promise(setImmediate);
    await two.request(() => two.posts[0].create(two.authorId, { title: 'new', body: 'Body' }));
    release();
    expect(await early).toBeUndefined();
    expect([await two.titleOf(0, id), await two.titleOf(1, id)]).toEqual(['new', 'new']);
  });

  it('finds a member who was asked for before they signed up', async () => {
    const cached = await TwoProcesses.cached(redis);
    two = cached;
    const id = String(Number(two.authorId) + 1);
    const find = (process: 0 | 1) => two.request(() => cached.users[process].findById(id));
    expect([(await find(0)).result, (await find(1)).result]).toEqual([undefined, undefined]);
    await newMember({ transactor: two.store.transactor, users: cached.users[0] }, 'Newcomer');
    expect((await find(1)).result?.value.name).toBe('Newcomer');
  });
});

describe('a write in a transaction', () => {
  it('invalidates once it is committed, and not before', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await two.titleOf(1, id);
    await two.request(() =>
      transaction(async () => {
        await two.posts[0].update(id, two.authorId, { title: 'new' });
        expect(await redis.invalidations()).toBe(0);
        expect(await two.read(1, id)).toMatchObject({ cache: 'hit', result: { value: { title: 'old' } } });
      }),
    );
    expect(await redis.invalidations()).toBe(1);
    expect(await two.titleOf(1, id)).toBe('new');
  });

  it('invalidates nothing when it is rolled back', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await two.titleOf(1, id);
    const work = async () => {
      await two.posts[0].update(id, two.authorId, { title: 'lost' });
      await two.posts[0].create(two.authorId, { title: 'lost', body: 'Body' });
      throw new Error('rolled back');
    };
    await expect(two.request(() => transaction(work))).rejects.toThrow('rolled back');
    expect(await redis.invalidations()).toBe(0);
    expect((await two.read(1, id)).cache).toBe('hit');
  });

  it('invalidates nothing when it changed nothing', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    const change = () => two.request(() => two.posts[0].update(id, '4711', { title: 'new' }));
    expect((await change()).result).toBe('not_found');
    expect(await redis.invalidations()).toBe(0);
  });

  it('ends an entry that a client was shown and could not write on: it may be older than a write', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    const change = () => two.request(() => two.posts[0].update(id, two.authorId, { title: 'new' }, ['99']));
    expect((await change()).result).toBe('version_mismatch');
    expect(await redis.invalidations()).toBe(1);
  });

  it('reads past the cache, as its own reads must see its own writes', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    await two.titleOf(0, id);
    const { result, cache } = await two.request(() =>
      transaction(async () => {
        await two.posts[0].update(id, two.authorId, { title: 'new' });
        return two.posts[0].findById(id);
      }),
    );
    expect([result?.value.title, cache]).toEqual(['new', 'bypass']);
  });
});

describe('the popular page', () => {
  /** With 25 posts: those of the last 20 are on the page, newest first. */
  async function full() {
    two = await TwoProcesses.cached(redis);
    const ids: string[] = [];
    for (let n = 0; n < 25; n++) {
      ids.push(await two.newPost(`post ${n}`));
      await new Promise((resolve) => setTimeout(resolve, 2)); // else the ids decide, which is as well, but not as clear
    }
    const { result } = await two.popular(0);
    expect(result.value.items).toHaveLength(20);
    return { on: result.value.items[0]?.id ?? '', off: ids[0] ?? '' };
  }

  it('ends with a change of a post that is on it, and with no other', async () => {
    const { on, off } = await full();
    await two.retitle(0, off, 'not on it');
    expect((await two.popular(1)).cache).toBe('hit');
    await two.retitle(0, on, 'on it');
    const { cache, result } = await two.popular(1);
    expect([cache, titles(result)[0]]).toEqual(['miss', 'on it']);
  });

  it('is not kept when a post of it changed while it was loaded', async () => {
    const { on } = await full();
    await redis.admin('DEL', 'popular');
    const release = two.source.hold();
    const early = two.popular(0);
    while (two.source.loads < 2) await new Promise(setImmediate);
    await two.retitle(1, on, 'changed');
    release();
    await early;
    expect(titles((await two.popular(0)).result)).toContain('changed');
  });

  it('does not end with a new post once it is full', async () => {
    await full();
    await two.request(() => two.posts[0].create(two.authorId, { title: 'new', body: 'Body' }));
    expect((await two.popular(1)).cache).toBe('hit');
  });

  it('ends with any new post while it is not', async () => {
    two = await TwoProcesses.cached(redis);
    await two.newPost('first');
    expect(titles((await two.popular(0)).result)).toEqual(['first']);
    await two.request(() => two.posts[0].create(two.authorId, { title: 'second', body: 'Body' }));
    expect(titles((await two.popular(1)).result).sort()).toEqual(['first', 'second']);
  });

  it('tells posts apart whose ids begin alike', async () => {
    const cached = await TwoProcesses.cached(redis);
    two = cached;
    for (let n = 0; n < 12; n++) await two.newPost();
    const { result } = await two.popular(0);
    expect(result.value.items.map(({ id }) => id)).toContain('12');
    await cached.caches[0].drop(['post:1']); // 1 is the author
    expect((await two.popular(1)).cache).toBe('hit');
  });
});

describe("an author's page", () => {
  it('ends with a change of any post of theirs, and of nobody else', async () => {
    two = await TwoProcesses.cached(redis);
    const id = await two.newPost();
    const other = await newMember({ transactor: two.store.transactor, users: two.members });
    await two.byAuthor(0);
    await two.byAuthor(0, other);
    await two.retitle(1, id, 'new');
    expect(await two.byAuthor(0, other)).toMatchObject({ cache: 'hit' });
    const { cache, result } = await two.byAuthor(0);
    expect([cache, titles(result)]).toEqual(['miss', ['new']]);
  });

  it('is cached as its first page alone', async () => {
    two = await TwoProcesses.cached(redis);
    await two.newPost();
    const pages = [{ limit: 19 }, { limit: 20, before: { createdAt: Date.now() + 1000, id: '9' } }];
    for (const page of [...pages, ...pages]) {
      const { cache } = await two.request(() => two.posts[0].byAuthor(two.authorId, page));
      expect(cache).toBeUndefined();
    }
    expect(two.source.loads).toBe(4);
  });
});
