import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runInBackground } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPostgres, type Postgres } from '../src/postgres.ts';
import type { PoolState } from '../src/postgres-pool.ts';
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

/** Waits until a pool stands so. It looks at the schema by itself, too. */
const untilAre = (db: Postgres, is: Partial<PoolState>) =>
  eventually(
    async () => db.connections(),
    (are) => Object.entries(is).every(([name, count]) => are[name as keyof PoolState] === count),
    10_000,
  );

describe('the connections of an app', () => {
  it('leaves nothing of what it has read among the old objects of V8', async () => {
    setFlagsFromString('--expose-gc');
    const db = openPostgres(await postgres.url(), { logger, pool: 1 });
    const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
    const page = "SELECT n, repeat('x', 100) || n AS text FROM generate_series(1, 500) AS n";
    const readPages = async (pages: number) => {
      for (let n = 0; n < pages; n++) {
        await db.run({ sql: page, values: [] });
        collect({ type: 'minor' });
      }
    };
    await readPages(20);
    collect();
    const before = process.memoryUsage().heapUsed;
    await readPages(100);
    // A hundred pages of more than 100 kB each.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3e6);
    await db.close();
  });

  it('has a connection that is busy meanwhile, and idle afterwards', async () => {
    const db = openPostgres(await postgres.url(), { logger, pool: 1 });
    // Less than the second that whoever waits has patience.
    const waited = runInBackground(db.transactor, () => db.run({ sql: 'SELECT pg_sleep(0.4)', values: [] }));
    const second = runInBackground(db.transactor, () => db.run({ sql: 'SELECT 1', values: [] }));
    await untilAre(db, { busy: 1, waiting: 1 });
    await Promise.all([waited, second]);
    await untilAre(db, { idle: 1, busy: 0, waiting: 0 });
    await db.close();
  });

  describe('with a fifth connection that takes 1.5 s to make', () => {
    let slow: Awaited<ReturnType<typeof fifthIsSlow>>;
    let db: Postgres;
    const useAll = (seconds: number) =>
      Promise.all(Array.from({ length: 4 }, () => db.run({ sql: `SELECT pg_sleep(${seconds})`, values: [] })));
    beforeEach(async () => {
      const url = new URL(await postgres.url());
      slow = await fifthIsSlow(Number(url.port), 1500);
      url.port = String(slow.port);
      db = openPostgres(url.href, { logger, pool: 5 });
      await untilAre(db, { idle: 4 });
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
      await untilAre(db, { idle: 5 });
    });

    it('keeps it although its call had less patience', async () => {
      const others = useAll(1.2);
      await expect(db.run({ sql: 'SELECT 1', values: [] })).rejects.toMatchObject({ code: 'overloaded' });
      await others;
      await untilAre(db, { idle: 5 });
    });
  });

  it('has some ahead, and no more than it may however many ask', async () => {
    const db = openPostgres(await postgres.url(), { logger, pool: 6 });
    await db.connect();
    await untilAre(db, { idle: 4, busy: 0 });
    await Promise.all(Array.from({ length: 20 }, () => db.run({ sql: 'SELECT 1', values: [] })));
    await untilAre(db, { idle: 6, busy: 0 });
    await db.close();
  });
});
