import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('pending_images', (table) => {
    table.text('name').primary();
    table.bigInteger('created_at').notNullable();
    table.index(['created_at'], 'pending_images_by_time');
  });
}

async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('pending_images');
}

/** Names of pictures that may be in the store and are in no row of `images` yet: by them what a killed process has left is found. */
export const pendingImages: Knex.Migration = { up, down };
