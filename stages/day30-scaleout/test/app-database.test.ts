import { describe, expect, it } from '@jest/globals';
import { openPostgres } from '../src/postgres.ts';
import { logger, postgresOfThisFile } from './postgres-rig.ts';

const postgres = postgresOfThisFile();

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
