import { currentContext, noteCommit, transaction } from '@day90/core';
import { inRequest, newMember } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqlPosts, sqlUsers } from 'stage-1';
import { openPostgres } from '../src/postgres.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();

describe('a COMMIT', () => {
  let db: ReturnType<typeof openPostgres>;
  let author: string;
  beforeAll(async () => {
    const afterCommit = {
      sql: `SELECT (SELECT count(*) FROM posts WHERE title = 'asked') AS there, pg_current_wal_insert_lsn() AS lsn`,
      note: (row: Record<string, unknown>) => noteCommit(`${row.there} ${row.lsn}`),
    };
    db = openPostgres(await postgres.url(), { logger, pool: 2, afterCommit });
    author = await newMember({ transactor: db.transactor, users: sqlUsers(db) });
  });
  afterAll(() => db.close());
  const inTransaction = <T>(work: () => Promise<T>) => inRequest(db, () => transaction(work));
  const create = (title: string) => sqlPosts(db).create(author, { title, body: 'body' });

  it('takes a question along, which is answered after it, and notes the answer for the request', async () => {
    const noted = await inRequest(db, async () => {
      await transaction(() => create('asked'));
      return currentContext()?.written.position;
    });
    expect(noted).toMatch(/^1 [0-9A-F]+\/[0-9A-F]+$/);
  });

  it('notes nothing of a transaction that was rolled back', async () => {
    const noted = await inRequest(db, async () => {
      await transaction(async () => {
        await create('doomed');
        throw new Error('rolled back');
      }).catch(() => {});
      return currentContext()?.written.position;
    });
    expect(noted).toBe('');
  });

  it('that comes with a warning is not taken for done: a standby that was waited for may not have it', async () => {
    // Any warning of its moment: the one that is meant takes a standby that never answers, and 5 s.
    await postgres.query('owner', `CREATE TABLE doubtful (id int)`);
    await postgres.query('owner', `GRANT INSERT ON doubtful TO day90_app`);
    await postgres.query(
      'owner',
      `CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$`,
    );
    await postgres.query(
      'owner',
      `CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON doubtful DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION warn()`,
    );
    const doubtful = inTransaction(() => db.run({ sql: 'INSERT INTO doubtful VALUES (1)', values: [] }));
    await expect(doubtful).rejects.toThrow(/not sure .* synchronous replication/);
    await expect(inTransaction(() => create('next'))).resolves.toBeDefined();
  });

  it('is not asked of a server that takes no writes: the client is told to come again', async () => {
    const refused = inTransaction(async () => {
      await db.run({ sql: 'SET TRANSACTION READ ONLY', values: [] });
      await create('refused');
    });
    await expect(refused).rejects.toMatchObject({ code: 'overloaded' });
  });
});
