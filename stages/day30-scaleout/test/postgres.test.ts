import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { currentContext, openHandle, runInBackground, transaction } from '@day90/core';
import { eventually, inRequest, newMember } from '@day90/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPostgres } from '../src/postgres.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();

/** The same server by another port, where the fifth one who comes is let in after some time. */
async function fifthIsSlow(to: number, ms: number) {
  let met = 0;
  const server = createServer(async (socket) => {
    socket.on('error', () => {});
    met += 1;
    if (met === 5) await sleep(ms);
    const further = connect(to, '127.0.0.1').on('error', () => {});
    socket.on('close', () => further.destroy());
    socket.pipe(further).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

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

  it('leaves nothing of what it has read among the old objects of V8', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
    const page = "SELECT n, repeat('x', 100) || n AS text FROM generate_series(1, 500) AS n";
    const readPages = async (pages: number) => {
      for (let n = 0; n < pages; n++) {
        await run(page);
        collect({ type: 'minor' });
      }
    };
    await readPages(20);
    collect();
    const before = process.memoryUsage().heapUsed;
    await readPages(100);
    // A hundred pages of more than 100 kB each.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3e6);
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

  it('has a connection that is busy meanwhile, and idle afterwards', async () => {
    const db = openPostgres(await postgres.url(), { logger, pool: 1 });
    // Less than the second that whoever waits has patience.
    const waited = runInBackground(db.transactor, () => db.run({ sql: 'SELECT pg_sleep(0.4)', values: [] }));
    const second = runInBackground(db.transactor, () => db.run({ sql: 'SELECT 1', values: [] }));
    await eventually(
      async () => db.connections(),
      ({ busy, waiting }) => busy === 1 && waiting > 0,
      10_000,
    );
    await Promise.all([waited, second]);
    await eventually(
      async () => db.connections(), // it looks at the schema by itself, too
      ({ idle, busy, waiting }) => idle === 1 && busy === 0 && waiting === 0,
      10_000,
    );
    await db.close();
  });

  describe('with a fifth connection that takes 1.5 s to make', () => {
    let slow: Awaited<ReturnType<typeof fifthIsSlow>>;
    let db: ReturnType<typeof openPostgres>;
    const untilIdle = (count: number) =>
      eventually(
        async () => db.connections(),
        ({ idle }) => idle === count,
        10_000,
      );
    const useAll = (seconds: number) =>
      Promise.all(Array.from({ length: 4 }, () => db.run({ sql: `SELECT pg_sleep(${seconds})`, values: [] })));
    beforeEach(async () => {
      const url = new URL(await postgres.url());
      slow = await fifthIsSlow(Number(url.port), 1500);
      url.port = String(slow.port);
      db = openPostgres(url.href, { logger, pool: 5 });
      await untilIdle(4);
    });
    afterEach(async () => {
      await db.close();
      await slow.close();
    });

    it('gives a call the one that is free first', async () => {
      const others = useAll(0.4);
      expect(await db.run({ sql: 'SELECT 1 AS one', values: [] })).toEqual([{ one: 1 }]);
      expect(db.connections()).toMatchObject({ waiting: 0 });
      await others;
      await untilIdle(5);
    });

    it('keeps it although its call had less patience', async () => {
      const others = useAll(1.2);
      await expect(db.run({ sql: 'SELECT 1', values: [] })).rejects.toMatchObject({ code: 'overloaded' });
      await others;
      await untilIdle(5);
    });
  });

  it('has as many connections as it is told to have, and no more than it may', async () => {
    const db = openPostgres(await postgres.url(), { logger, pool: 6 });
    await db.connect(9);
    await Promise.all(Array.from({ length: 20 }, () => db.run({ sql: 'SELECT 1', values: [] })));
    await eventually(
      async () => db.connections(), // it looks at the schema by itself, too
      ({ idle, busy }) => idle === 6 && busy === 0,
      10_000,
    );
    await db.close();
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

describe('the database of the app', () => {
  it.each([
    'DROP TABLE posts',
    'CREATE TABLE mine (id int)',
    'CREATE TEMP TABLE mine (id int)',
    'TRUNCATE follows',
    'ALTER TABLE users ADD COLUMN admin boolean',
    'UPDATE knex_migrations SET batch = 2',
    'CREATE ROLE mine',
    "SELECT pg_read_file('/etc/passwd')",
  ])('refuses the app %s', async (sql) => {
    await expect(postgres.query('app', sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('lets nobody in without a password, with a wrong one, or as the superuser', async () => {
    const url = new URL(await postgres.url());
    const as = async (user: string, password: string) => {
      const db = openPostgres(Object.assign(new URL(url), { username: user, password }).href, { logger, pool: 1 });
      const why = await db.broken;
      await db.close();
      return why;
    };
    expect(await as('day90_app', 'wrong')).toMatch(/refuses this app: password authentication failed/);
    expect(await as('postgres', 'postgres')).toMatch(/refuses this app: no pg_hba.conf entry/);
  });

  it('says in one line which migrations it lacks', async () => {
    await postgres.query('owner', `UPDATE knex_migrations SET name = 'renamed' WHERE name = '2-indexes'`);
    const db = openPostgres(await postgres.url(), { logger, pool: 1 });
    expect(await db.broken).toMatch(/^The database 127\.0\.0\.1:\d+\/day90 lacks the migrations 2-indexes: /);
    await expect(db.ready?.()).rejects.toMatchObject({ code: 'overloaded' });
    await db.close();
    await postgres.query('owner', `UPDATE knex_migrations SET name = '2-indexes' WHERE name = 'renamed'`);
  });

  it('has checked foreign keys, ids that go on, frozen rows, and checksums', async () => {
    const [keys] = await postgres.query(
      'owner',
      `SELECT count(*)::int AS n, bool_and(convalidated) AS ok FROM pg_constraint WHERE contype = 'f'`,
    );
    expect(keys).toEqual({ n: expect.any(Number), ok: true });
    expect(keys?.n).toBeGreaterThan(5);
    const [post] = await postgres.query<{ pages: number; frozen: number; next: string }>(
      'owner',
      `SELECT relpages AS pages, relallfrozen AS frozen, last_value AS next FROM pg_class, posts_id_seq WHERE relname = 'posts'`,
    );
    expect(post?.frozen).toBe(post?.pages);
    expect(Number(post?.next)).toBeGreaterThanOrEqual(10_000);
    const settings = await postgres.query<{ name: string; setting: string }>(
      'app',
      `SELECT name, setting FROM pg_settings WHERE name IN ('data_checksums', 'fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'jit')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      jit: 'off',
    });
  });
});
