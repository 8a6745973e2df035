import knex from 'knex';
import { z } from 'zod';
import { ownConfig } from '../../../shared/core/src/config.ts';
import { migrationSource } from '../../../stages/day1-sqlite/src/migrations/index.ts';
import { APP_GRANTS } from './postgres/app-grants.ts';
import { ownerEnv } from './postgres/owner-env.ts';

const config = ownConfig(z.object(ownerEnv));
if (config) {
  await migrate(config.DATABASE_OWNER_URL).catch((error: Error) => {
    process.stderr.write(`The database could not be migrated: ${error.message}\n`);
    process.exitCode = 1;
  });
}

/** Brings a database to the latest schema, and lets the app use its tables. */
async function migrate(url: string): Promise<void> {
  const db = knex({ client: 'pg', connection: url });
  try {
    const [, applied] = (await db.migrate.latest({ migrationSource })) as [number, string[]];
    for (const grant of APP_GRANTS) await db.raw(grant);
    process.stdout.write(applied.length === 0 ? 'Nothing to migrate.\n' : `Applied ${applied.join(', ')}.\n`);
  } finally {
    await db.destroy();
  }
}
