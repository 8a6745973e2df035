import { openHandle, type Resource } from '@day90/core';
import knex from 'knex';
import pg from 'pg';
import { type SqlDatabase, statementBook } from 'stage-1';

/**
 * Postgres by a pool with the settings it comes with: whoever asks waits for a connection, and for the answer, however long
 * either takes, and as many wait as come.
 */
export function patientPostgres(url: string, max: number): SqlDatabase & Resource {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  return {
    dialect: knex({ client: 'pg' }),
    ...statementBook(),
    ready: async () => void (await pool.query('SELECT')),
    close: () => pool.end(),
    async run<Row>({ name, sql, values }: Parameters<SqlDatabase['run']>[0]) {
      const on = (openHandle() as pg.PoolClient | undefined) ?? pool;
      const { rows } = await on.query({ text: sql, values: [...values], ...(name !== undefined && { name }) });
      return rows as Row[];
    },
    async transactor(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
