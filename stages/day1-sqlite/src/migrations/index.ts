import knex, { type Knex } from 'knex';
import { admins } from './admins.ts';
import { images } from './images.ts';
import { indexes } from './indexes.ts';
import { outbox } from './outbox.ts';
import { pendingImages } from './pending-images.ts';
import { tables } from './tables.ts';

/** In the order in which they are applied. A name is for ever: databases out there have noted it. */
const MIGRATIONS: Record<string, Knex.Migration> = {
  '1-tables': tables,
  '2-indexes': indexes,
  '3-outbox': outbox,
  '4-images': images,
  '5-admins': admins,
  '6-pending-images': pendingImages,
};

/** Hands the migrations to knex as modules, where its own way is to look for files in a folder. */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(MIGRATIONS),
  getMigrationName: (name) => name,
  getMigration: async (name) => MIGRATIONS[name] as Knex.Migration,
};

/**
 * Brings a SQLite file to the latest schema, or back (or up) to the bare tables without any index.
 * @param path - Made when it is not there.
 */
export async function migrate(path: string, to: 'latest' | 'tables'): Promise<void> {
  const db = knex({ client: 'better-sqlite3', connection: { filename: path }, useNullAsDefault: true });
  const config = { migrationSource };
  try {
    await db.raw('PRAGMA journal_mode = WAL'); // kept in the file; readers and the writer stay out of each other's way
    const [done, pending] = (await db.migrate.list(config)) as [{ name: string }[], string[]];
    const hasIndexes = done.some(({ name }) => name === '2-indexes');
    if (to === 'latest' ? pending.length === 0 : done.length > 0 && !hasIndexes) return;
    // knex's lock stays when a process is killed while it migrates, and no start would ever get past it. Two at once are kept
    // apart by SQLite itself, which lets one process write.
    if (done.length > 0) await db.migrate.forceFreeMigrationsLock(config);
    if (to === 'latest') await db.migrate.latest(config);
    else if (hasIndexes) await db.migrate.down({ ...config, name: '2-indexes' } as Knex.MigratorConfig);
    else await db.migrate.up(config);
  } finally {
    await db.destroy();
  }
}
