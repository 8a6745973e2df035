import type pg from 'pg';

const TABLES = ['users', 'follows', 'posts', 'recommendations', 'idempotency_keys'];
/** The tables that come with later migrations. */
const MORE_TABLES = ['outbox', 'job_effects', 'images', 'pending_images'];

/** The app's role may use rows and nothing else. */
export async function letAppUseRows(owner: pg.Client): Promise<void> {
  await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${[...TABLES, ...MORE_TABLES].join(', ')} TO day90_app`);
  await owner.query('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO day90_app');
  await owner.query('GRANT SELECT ON knex_migrations, admins TO day90_app');
}
