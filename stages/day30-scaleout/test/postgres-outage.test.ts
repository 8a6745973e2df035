import { setTimeout as sleep } from 'node:timers/promises';
import { transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openPostgres } from '../src/postgres.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

/** A request is answered within this, whatever the server does: DRILLS.md allows 1.2 s, a busy test machine some more. */
const ANSWERED_MS = 2000;
const UNAVAILABLE = { code: 'overloaded' };

const postgres = postgresOfThisFile();

describe('openPostgres, when the server', () => {
  let rig: Awaited<ReturnType<typeof postgres.rig>>;
  let author: string;
  beforeAll(async () => {
    rig = await postgres.rig();
    author = await newMember(rig);
  });
  afterAll(() => rig.close());
  const read = () => inRequest(rig, () => rig.posts.findById('1'));
  const write = (title: string) =>
    inRequest(rig, () => transaction(() => rig.posts.create(author, { title, body: 'body' })));
  const run = (sql: string) => rig.db.run({ sql, values: [] });
  const ready = () => rig.db.ready?.() ?? Promise.resolve();
  async function untilBack(): Promise<void> {
    const giveUpAt = performance.now() + 10_000;
    while (
      await read().then(
        () => false,
        () => performance.now() < giveUpAt,
      )
    )
      await sleep(20);
    await read();
  }
  /** All of them fail as they should; the longest took this many milliseconds. */
  async function allRefused(calls: (() => Promise<unknown>)[]): Promise<number> {
    const startedAt = performance.now();
    const took = await Promise.all(
      calls.map(async (call) => {
        await expect(call()).rejects.toMatchObject(UNAVAILABLE);
        return performance.now() - startedAt;
      }),
    );
    return Math.max(...took);
  }

  describe('is frozen', () => {
    afterEach(async () => {
      await postgres.signal('SIGCONT');
      await untilBack();
    });

    it('refuses what runs and what comes, reads and writes, and is not ready', async () => {
      const slow = run('SELECT pg_sleep(4)');
      const refused = expect(slow).rejects.toMatchObject(UNAVAILABLE);
      await sleep(100);
      await postgres.signal('SIGSTOP');
      const calls = Array.from({ length: 30 }, (_, n) => (n % 2 ? () => write('frozen') : read));
      expect(await allRefused([...calls, ready])).toBeLessThan(ANSWERED_MS);
      await refused;
      // Found silent, it is not waited for any more.
      expect(await allRefused([read, () => write('later')])).toBeLessThan(500); // to look again takes 600
    });

    it('lets no more calls wait than it says, and forgets those that it gave up', async () => {
      const db = openPostgres(await postgres.url(), { logger, pool: 2 });
      await db.run({ sql: 'SELECT 1', values: [] });
      await postgres.signal('SIGSTOP');
      const startedAt = performance.now();
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, () =>
          db.run({ sql: 'SELECT 1', values: [] }).catch(() => performance.now() - startedAt),
        ),
      );
      const atOnce = outcomes.filter((ms) => typeof ms === 'number' && ms < 500); // the others are found out by a look, which takes 600
      expect(atOnce.length).toBe(100 - 2 * 10);
      await postgres.signal('SIGCONT');
      await db.close();
    });

    it('runs nothing later that it has refused', async () => {
      const db = openPostgres(await postgres.url(), { logger, pool: 1 });
      await db.run({ sql: 'SELECT 1', values: [] });
      await postgres.signal('SIGSTOP');
      const update = { sql: "UPDATE users SET name = 'too late' WHERE id = $1", values: [author] };
      await Promise.all(
        [1, 2, 3].map(() =>
          expect(
            inRequest({ transactor: db.transactor }, () => transaction(() => db.run(update))),
          ).rejects.toMatchObject(UNAVAILABLE),
        ),
      );
      await postgres.signal('SIGCONT');
      await untilBack();
      await sleep(1500);
      const [user] = await rig.db.run<{ name: string }>({
        sql: 'SELECT name FROM users WHERE id = $1',
        values: [author],
      });
      expect(user?.name).not.toBe('too late');
      await db.close();
    });
  });

  it('is only slow, waits for the answer', async () => {
    expect(await run('SELECT pg_sleep(2)')).toHaveLength(1);
  });

  it('is slow on every connection there may be, waits, too', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => run('SELECT pg_sleep(1.5)')));
    expect(all).toHaveLength(10);
    await ready();
  });

  it('is killed, has every answered write after its recovery, and connects again by itself', async () => {
    const answered: string[] = [];
    const refused: unknown[] = [];
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; writing; n += 1) {
        const title = `written ${writer}-${n}`;
        await write(title).then(
          () => answered.push(title),
          (error: unknown) => {
            refused.push(error);
            return sleep(10);
          },
        );
      }
    });
    while (answered.length < 40) await sleep(5);
    const startAgain = await postgres.kill();
    await expect(ready()).rejects.toThrow();
    while (refused.length < 10) await sleep(5);
    await startAgain();
    const before = answered.length;
    while (answered.length < before + 40) await sleep(5);
    writing = false;
    await Promise.all(writers);
    for (const error of refused) expect(error).toMatchObject(UNAVAILABLE);
    const kept = (
      await rig.db.run<{ title: string }>({ sql: "SELECT title FROM posts WHERE title LIKE 'written %'", values: [] })
    ).map(({ title }) => title);
    expect(kept).toEqual(expect.arrayContaining(answered));
  });

  it('is down at first, works once it is up, without a start of its own', async () => {
    const url = await postgres.url();
    const { port } = await postgres.server();
    await postgres.stop();
    const db = openPostgres(url, { logger, pool: 2 });
    await expect(db.run({ sql: 'SELECT 1', values: [] })).rejects.toMatchObject(UNAVAILABLE);
    await expect(db.ready?.()).rejects.toMatchObject(UNAVAILABLE);
    await postgres.server(port);
    const giveUpAt = performance.now() + 5000;
    while (
      performance.now() < giveUpAt &&
      (await db.ready?.().then(
        () => false,
        () => true,
      ))
    )
      await sleep(20);
    expect(await db.run({ sql: 'SELECT 1 AS one', values: [] })).toEqual([{ one: 1 }]);
    await db.close();
  });

  it('is frozen, closes in time', async () => {
    const db = openPostgres(await postgres.url(), { logger, pool: 2 });
    await db.run({ sql: 'SELECT 1', values: [] });
    await postgres.signal('SIGSTOP');
    const startedAt = performance.now();
    await db.close();
    expect(performance.now() - startedAt).toBeLessThan(ANSWERED_MS);
    await postgres.signal('SIGCONT');
  });
});
