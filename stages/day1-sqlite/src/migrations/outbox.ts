import type { Knex } from 'knex';

async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('outbox', (table) => {
    table.uuid('id').primary();
    table.text('queue').notNullable();
    table.json('job').notNullable();
    table.text('request_id').notNullable();
    table.bigInteger('created_at').notNullable();
    // When it was last handed over to the queue, and, should it have failed for good, when and why.
    table.bigInteger('handed_at');
    table.bigInteger('failed_at');
    table.text('reason');
  });
  await knex.schema.createTable('job_effects', (table) => {
    table.uuid('job_id').primary();
    table.bigInteger('created_at').notNullable();
  });
  for (const statement of INDEXES) await knex.raw(statement);
  if (knex.client.config.client === 'pg') await knex.raw(BELL);
}

/** Of the rows that somebody looks for. A row leaves one when it is handed over, and all when its effect is there. */
const INDEXES = [
  'CREATE INDEX outbox_waiting ON outbox (queue, created_at) WHERE handed_at IS NULL AND failed_at IS NULL',
  'CREATE INDEX outbox_handed ON outbox (queue, handed_at) WHERE handed_at IS NOT NULL AND failed_at IS NULL',
  'CREATE INDEX job_effects_by_time ON job_effects (created_at)',
];

/**
 * Wakes whoever waits for rows (LISTEN outbox) once they are committed; many in one transaction ring once. In the database, so
 * that no app pays for it.
 * @see https://www.postgresql.org/docs/18/sql-notify.html
 */
const BELL = `
  CREATE FUNCTION ring_outbox() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NOTIFY outbox; RETURN NULL; END';
  CREATE TRIGGER outbox_rings AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION ring_outbox()`;

async function down(knex: Knex): Promise<void> {
  for (const table of ['job_effects', 'outbox']) await knex.schema.dropTable(table);
  if (knex.client.config.client === 'pg') await knex.raw('DROP FUNCTION ring_outbox');
}

/**
 * What is to be done, written in the transaction it follows from (`outbox`), and what has been done, in the transaction of its
 * effect (`job_effects`): the key of the second is what makes one effect of however many deliveries.
 */
export const outbox: Knex.Migration = { up, down };
