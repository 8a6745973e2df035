import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('images', (table) => {
    table.text('name').primary();
    table.bigInteger('owner_id').notNullable().references('users.id');
    table.integer('width').notNullable();
    table.integer('height').notNullable();
    table.bigInteger('bytes').notNullable();
    table.bigInteger('created_at').notNullable();
    table.index(['owner_id'], 'images_by_owner');
  });
}

async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('images');
}

/**
 * Which pictures members have sent; the pictures themselves are in no database. It stands here with all others, since a
 * database has one history, whichever apps it was used by.
 */
export const images: Knex.Migration = { up, down };
