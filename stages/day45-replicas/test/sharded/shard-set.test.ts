import { currentContext, transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { reshard } from '../../src/sharded/reshard/reshard.ts';
import { type Shards, shardedRig, shardsOfThisFile } from './shards-rig.ts';

const starting = shardsOfThisFile();
let shards: Shards;
let rig: ReturnType<typeof shardedRig>;

beforeAll(async () => {
  shards = await starting();
  await shards.grow();
  rig = shardedRig(shards.urls('app'));
}, 180_000);
afterAll(() => rig?.close());

const request = <T>(work: () => Promise<T>) => inRequest(rig, work);
const write = (authorId: string, title = 'A title') =>
  request(() => transaction(() => rig.posts.create(authorId, { title, body: 'A body' })));

/** A new member whose bucket is on this shard. */
async function memberOn(shard: number): Promise<string> {
  for (;;) {
    const id = await newMember(rig);
    if ((await rig.set.map()).shardOf[bucketOf(id)] === shard) return id;
  }
}

describe('a shard that is down', () => {
  let here: string;
  let away: string;
  beforeAll(async () => {
    [here, away] = [await memberOn(1), await memberOn(2)];
    await write(away, 'Away');
    await shards.stop(2);
  });
  afterAll(() => shards.start(2));

  it('takes its posts out of the lists of all, which say that they are not whole', async () => {
    const { value: kept } = await write(here, 'Here');
    for (const list of [() => rig.posts.recent({ limit: 20 }), () => rig.posts.popular()]) {
      const { value } = await request(list);
      expect(value).toMatchObject({ partial: true, items: { length: 20 } });
      expect(value.items.some((post) => post.author.id === away)).toBe(false);
    }
    expect((await request(() => rig.posts.recent({ limit: 1 }))).value.items).toEqual([kept]);
  });

  it('is no matter to members of the others', async () => {
    const { value } = await write(here);
    await request(() => transaction(() => rig.posts.update(value.id, here, { title: 'Changed' })));
    expect((await request(() => rig.posts.findById(value.id)))?.value.title).toBe('Changed');
    expect((await request(() => rig.posts.byAuthor(here, { limit: 1 }))).value.partial).toBeUndefined();
  });

  it('has its own members told to come again, at once', async () => {
    const began = performance.now();
    for (const ask of [() => rig.users.findById(away), () => rig.posts.byAuthor(away, { limit: 5 })])
      await expect(request<unknown>(ask)).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 });
    await expect(write(away)).rejects.toMatchObject({ code: 'overloaded' });
    expect(performance.now() - began).toBeLessThan(2_500); // one after the other would wait a second each to connect
  });

  it('keeps a follow of one of its members waiting, half done, and finishes it when it is back', async () => {
    await expect(request(() => rig.users.follow(here, away))).rejects.toMatchObject({ code: 'overloaded' });
    const saga = `SELECT state FROM follow_sagas WHERE follower_id = ${here}`;
    expect(await shards.query(1, saga)).toEqual([{ state: 'begun' }]);
    await shards.start(2);
    await expect(ready()).resolves.toBe(true);
    expect(await request(() => rig.users.follow(here, away))).toBe(true);
    expect(await shards.query(1, saga)).toEqual([{ state: 'done' }]);
    await shards.stop(2);
  });

  /** Whether the pool has found the server again. */
  async function ready(): Promise<boolean> {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await request(() => rig.users.findById(away)).catch(() => undefined)) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  }
});

describe('a process with an old map', () => {
  it('neither reads nor writes where a bucket was, and finds it where it is', async () => {
    const [reader, writer] = [shardedRig(shards.urls('app')), shardedRig(shards.urls('app'))];
    const member = await newMember(rig);
    const { version, shardOf } = await reader.set.map();
    const from = shardOf[bucketOf(member)] as number;
    const { value } = await write(member, 'Before');
    const urlOf = async (shard: number) => shards.urls('owner')[shard - 1] as string;
    const stop = new AbortController();
    await shards.query(1, 'INSERT INTO moves VALUES ($1, $2, 4)', [bucketOf(member), from]);
    await reshard({ shards: 4, urlOf, grow: async () => {}, say: () => {}, signal: stop.signal });
    // Nothing has told them yet.
    expect([await reader.set.map(), await writer.set.map()]).toMatchObject([{ version }, { version }]);

    await inRequest(writer, () => transaction(() => writer.posts.update(value.id, member, { title: 'After' })));
    expect((await inRequest(reader, () => reader.posts.findById(value.id)))?.value.title).toBe('After');
    expect((await writer.set.map()).version).toBe(version + 1);
    const title = `SELECT title FROM posts WHERE id = ${value.id}`;
    expect(await shards.query(4, title)).toEqual([{ title: 'After' }]);
    expect(await shards.query(from, title)).toEqual([]);
    await Promise.all([reader.close(), writer.close()]);
  });

  it('is refused by the shard itself, in the transaction of its write', async () => {
    const app = new pg.Client({ connectionString: shards.urls('app')[1] });
    await app.connect();
    const { shardOf } = await rig.set.map();
    const elsewhere = shardOf.indexOf(1);
    const values = [String(1024 * 7 + elsewhere)];
    const insert = `INSERT INTO users (id, name, email, password_hash, avatar_url, created_at) VALUES ($1, '', '', '', '', 0)`;
    await expect(app.query(insert, values)).rejects.toMatchObject({ code: 'D9001' });
    await shards.query(2, insert, values); // by the owner, as a copy under way is
    expect((await app.query('SELECT FROM users WHERE id = $1', values)).rows).toEqual([]);
    expect((await app.query('DELETE FROM users WHERE id = $1', values)).rowCount).toBe(0);
    await app.end();
  });
});

describe('a database that a request was first to need', () => {
  it('is watched outside of that request, which it outlives', async () => {
    const late = shardedRig(shards.urls('app'));
    const contexts: unknown[] = [];
    const original = globalThis.setInterval;
    const timers = jest.spyOn(globalThis, 'setInterval').mockImplementation(((...args: Parameters<typeof original>) => {
      contexts.push(currentContext());
      return original(...args);
    }) as typeof original);
    await inRequest(late, async () => late.set.db(2));
    timers.mockRestore();
    expect(contexts).toEqual([undefined]);
    await late.close();
  });
});

describe('a page of all', () => {
  it('enters the index of times on each shard, whatever its policies have the planner think', async () => {
    await request(() => rig.posts.recent({ limit: 20 }));
    const sql = rig.set.db(2).statements.get('recent-posts') ?? '';
    const app = new pg.Client({ connectionString: shards.urls('app')[1] });
    await app.connect();
    const { rows } = await app.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${sql}`);
    await app.end();
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan Backward using posts_by_time');
    expect(plan).not.toContain('Sort');
  });
});

describe('a transaction', () => {
  it('can’t be on two shards', async () => {
    const [one, two] = [await memberOn(1), await memberOn(3)];
    const both = async () => {
      await rig.posts.create(one, { title: 'One', body: 'B' });
      await rig.posts.create(two, { title: 'Two', body: 'B' });
    };
    await expect(request(() => transaction(both))).rejects.toThrow(
      "This transaction is on shard 1 and can't write on 3.",
    );
    expect((await request(() => rig.posts.byAuthor(one, { limit: 5 }))).value.items).toEqual([]);
  });
});

describe('an address', () => {
  it('reserved by a process that died before the member was stored is free again, and not at once', async () => {
    const email = `reserved-${Date.now()}@day90.test`;
    const create = () => request(() => transaction(() => rig.users.create({ name: 'N', email, passwordHash: '$x' })));
    const first = await create();
    const all = [1, 2, 3, 4];
    // What a process leaves behind that dies between the two.
    for (const shard of all)
      await shards.query(shard, `UPDATE emails SET confirmed = false WHERE user_id = ${first?.id}`);
    for (const shard of all) await shards.query(shard, `DELETE FROM users WHERE id = ${first?.id}`);
    expect(await create()).toBeUndefined();
    for (const shard of all) await shards.query(shard, `UPDATE emails SET created_at = 0 WHERE user_id = ${first?.id}`);
    expect(await create()).toBeDefined();
  });

  it('that stayed unconfirmed is its member’s all the same, and is confirmed when somebody asks for it', async () => {
    const email = `unconfirmed-${Date.now()}@day90.test`;
    const create = () => request(() => transaction(() => rig.users.create({ name: 'N', email, passwordHash: '$x' })));
    const first = await create();
    for (const shard of [1, 2, 3, 4])
      await shards.query(shard, `UPDATE emails SET confirmed = false, created_at = 0 WHERE user_id = ${first?.id}`);
    expect((await request(() => rig.users.findByEmail(email)))?.user).toEqual(first);
    expect(await create()).toBeUndefined();
    const rows = await Promise.all(
      [1, 2, 3, 4].map((n) => shards.query(n, `SELECT confirmed FROM emails WHERE user_id = ${first?.id}`)),
    );
    expect(rows.flat()).toEqual([{ confirmed: true }]);
  });
});
