import knex from 'knex';
import { migrationSource } from 'stage-1';

/**
 * Brings a database to the latest schema, or to the bare tables without any index, up or down.
 * @param url - Of the owner: the app's role may change no table.
 */
export async function migrate(url: string, to: 'latest' | 'tables'): Promise<void> {
  const db = knex({ client: 'pg', connection: url });
  const config = { migrationSource };
  try {
    const [done] = (await db.migrate.list(config)) as [{ name: string }[], string[]];
    if (to === 'latest') await db.migrate.latest(config);
    else if (done.some(({ name }) => name === '2-indexes'))
      await db.migrate.down({ ...config, name: '2-indexes' } as typeof config);
    else if (done.length === 0) await db.migrate.up(config);
  } finally {
    await db.destroy();
  }
}
