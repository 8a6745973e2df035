import { currentContext, openHandle, transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();

describe('openPostgres', () => {
  let rig: Awaited<ReturnType<typeof postgres.rig>>;
  let author: string;
  beforeAll(async () => {
    rig = await postgres.rig();
    author = await newMember(rig);
  });
  afterAll(() => rig.close());
  const run = <Row>(sql: string, values: unknown[] = []) => rig.db.run<Row>({ sql, values });
  const inTransaction = <T>(work: () => Promise<T>) => inRequest(rig, () => transaction(work));
  const create = (title: string) => rig.posts.create(author, { title, body: 'body' });

  it('prepares a hot statement once on its connection, and plans it once', async () => {
    const prepared = await inTransaction(async () => {
      for (let n = 0; n < 7; n++) await rig.posts.recent({ limit: 20 + n });
      return run<{ name: string; planned: string; kept: string }>(
        'SELECT name, custom_plans AS planned, generic_plans AS kept FROM pg_prepared_statements',
      );
    });
    const uses = prepared.find(({ name }) => name === 'recent-posts');
    expect(uses).toMatchObject({ planned: '0' });
    expect(Number(uses?.kept)).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ['recent', () => rig.posts.recent({ limit: 100 })],
    ['byAuthor', () => rig.posts.byAuthor(author, { limit: 100 })],
    ['popular', () => rig.posts.popular()],
    ['findById', () => rig.posts.findById('1')],
  ])('answers %s by one query', async (_name, read) => {
    const queries = await inRequest(rig, async () => {
      await read();
      return currentContext()?.queries;
    });
    expect(queries?.count).toBe(1);
    expect(queries?.ms).toBeGreaterThan(0);
  });

  it('shows nobody else what is not committed', async () => {
    const id = await inTransaction(async () => {
      const post = await create('half');
      expect(await rig.db.run({ sql: 'SELECT 1 FROM posts WHERE id = $1', values: [post.value.id] })).toHaveLength(1);
      expect(await postgres.query('app', `SELECT 1 FROM posts WHERE id = ${post.value.id}`)).toEqual([]);
      return post.value.id;
    });
    expect(await postgres.query('app', `SELECT 1 FROM posts WHERE id = ${id}`)).toHaveLength(1);
  });

  it('takes back what was written before an error, and goes on with the same connections', async () => {
    const doomed = inTransaction(async () => {
      await create('doomed');
      throw new Error('rolled back');
    });
    await expect(doomed).rejects.toThrow('rolled back');
    expect(await postgres.query('app', `SELECT 1 FROM posts WHERE title = 'doomed'`)).toEqual([]);
    await inTransaction(() => create('kept'));
    expect(await postgres.query('app', `SELECT 1 FROM posts WHERE title = 'kept'`)).toHaveLength(1);
  });

  it('fails a transaction in which an error was passed over: Postgres would answer its COMMIT by a rollback', async () => {
    const passedOver = inTransaction(async () => {
      await create('lost without a word');
      await run('SELECT 1 / 0').catch(() => {});
    });
    await expect(passedOver).rejects.toThrow('Rolled back');
  });

  it('runs a transaction again that lost a deadlock', async () => {
    const ids = [
      (await inTransaction(() => create('one'))).value.id,
      (await inTransaction(() => create('two'))).value.id,
    ];
    let tries = 0;
    let arrived = 0;
    const bothHold = Promise.withResolvers<void>();
    const lock = (first: number) =>
      inTransaction(async () => {
        tries += 1;
        await run('UPDATE posts SET views = views + 1 WHERE id = $1', [ids[first]]);
        arrived += 1;
        if (arrived === 2) bothHold.resolve();
        await bothHold.promise;
        await run('UPDATE posts SET views = views + 1 WHERE id = $1', [ids[1 - first]]);
      });
    await Promise.all([lock(0), lock(1)]);
    expect(tries).toBe(3);
    const views = await run<{ views: string }>('SELECT views FROM posts WHERE id = ANY($1)', [ids]);
    expect(views.map((row) => row.views)).toEqual(['2', '2']);
  });

  it('keeps one list of recommendations when two are made at once', async () => {
    const [me, friend, other] = [await newMember(rig), await newMember(rig), await newMember(rig)];
    await inTransaction(() => rig.users.follow(me, friend));
    await inTransaction(() => rig.users.follow(friend, other));
    await Promise.all(Array.from({ length: 6 }, () => inRequest(rig, () => rig.recommend(me))));
    const page = await inRequest(rig, () => rig.users.recommendations(me));
    expect(page.value.items.map(({ id }) => id)).toEqual([other]);
  });

  it('lets a second request with the same key wait for the first one, on another box', async () => {
    const box = await postgres.rig();
    const answer = { status: 201, body: '{}' };
    const begun = Promise.withResolvers<void>();
    const first = inTransaction(async () => {
      await rig.answers.begin(author, 'one-key', 'print');
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 200));
      await rig.answers.finish(author, 'one-key', answer);
    });
    await begun.promise;
    const second = inRequest(box, () => transaction(() => box.answers.begin(author, 'one-key', 'print')));
    expect(await second).toMatchObject(answer);
    await first;
    await box.close();
  });

  it('is no transaction of another database', async () => {
    const other = await postgres.rig();
    await inTransaction(async () => {
      const { value } = await create('mine alone');
      expect(openHandle()).toBeDefined();
      expect(await other.db.run({ sql: 'SELECT 1 FROM posts WHERE id = $1', values: [value.id] })).toEqual([]);
    });
    await other.close();
  });

  it('ends a statement that takes too long, and tells the client to come again', async () => {
    await expect(run('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: 'overloaded' });
  });
});
