import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    table.bigIncrements('id');
    table.text('name').notNullable();
    table.text('email').notNullable();
    table.text('password_hash').notNullable();
    table.text('avatar_url').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await knex.schema.createTable('posts', (table) => {
    table.bigIncrements('id');
    table.bigInteger('author_id').notNullable().references('users.id');
    table.text('title').notNullable();
    table.bigInteger('views').notNullable().defaultTo(0);
    table.bigInteger('version').notNullable().defaultTo(1);
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    // Last: SQLite reads a row from its start, and stops at the last column that is asked for.
    table.text('body').notNullable();
  });
  await knex.schema.createTable('follows', (table) => {
    table.bigInteger('follower_id').notNullable().references('users.id');
    table.bigInteger('followee_id').notNullable().references('users.id');
    table.bigInteger('created_at').notNullable();
    table.primary(['follower_id', 'followee_id']);
  });
  await knex.schema.createTable('recommendations', (table) => {
    table.bigInteger('user_id').notNullable().references('users.id');
    table.integer('rank').notNullable();
    table.bigInteger('recommended_id').notNullable().references('users.id');
    table.primary(['user_id', 'rank']);
  });
  await knex.schema.createTable('idempotency_keys', (table) => {
    table.bigInteger('user_id').notNullable().references('users.id');
    table.text('key').notNullable();
    table.text('fingerprint').notNullable();
    table.integer('status');
    table.text('body');
    table.text('version');
    table.bigInteger('created_at').notNullable();
    table.primary(['user_id', 'key']);
  });
}

async function down(knex: Knex): Promise<void> {
  for (const table of ['idempotency_keys', 'recommendations', 'follows', 'posts', 'users']) {
    await knex.schema.dropTable(table);
  }
}

/**
 * The tables, with the keys that make a row a row. Times are milliseconds since 1970 UTC, whole numbers in every database:
 * a cursor must name a moment exactly, and a timestamp with microseconds loses some on its way through JavaScript.
 */
export const tables: Knex.Migration = { up, down };
