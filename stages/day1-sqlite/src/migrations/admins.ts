import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('admins', (table) => {
    table.bigInteger('user_id').primary().references('users.id');
  });
}

async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('admins');
}

/**
 * The members who may look behind the scenes. A table and not a column of `users`, so that the app, which writes those,
 * needs no right to write this: what is broken into makes nobody an admin.
 */
export const admins: Knex.Migration = { up, down };
