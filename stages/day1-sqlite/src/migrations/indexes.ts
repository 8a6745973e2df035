import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('posts', (table) => {
    table.index(['author_id', 'created_at', 'id'], 'posts_by_author');
    table.index(['created_at', 'id'], 'posts_by_time');
  });
  await knex.schema.alterTable('idempotency_keys', (table) => {
    table.index(['created_at'], 'idempotency_keys_by_time');
  });
  await knex.schema.alterTable('users', (table) => {
    table.unique(['email'], { indexName: 'users_by_email' });
  });
}

async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropUnique(['email'], 'users_by_email');
  });
  await knex.schema.alterTable('idempotency_keys', (table) => {
    table.dropIndex(['created_at'], 'idempotency_keys_by_time');
  });
  await knex.schema.alterTable('posts', (table) => {
    table.dropIndex(['created_at', 'id'], 'posts_by_time');
    table.dropIndex(['author_id', 'created_at', 'id'], 'posts_by_author');
  });
}

/**
 * One index for each way the app looks things up, its columns in the order of the query: first what is equal, then what is
 * sorted. `id` ends each list's index, as it ends its ORDER BY: posts of the same millisecond keep one order.
 *
 * None on `views`: every view would have to move its entry, a write for each read. The popular list pays a full scan for
 * that.
 */
export const indexes: Knex.Migration = { up, down };
