import knex, { type Knex } from 'knex';
import { z } from 'zod';
import { ownConfig } from '../../../shared/core/src/config.ts';
import { migrationSource } from '../../../stages/day1-sqlite/src/migrations/index.ts';
import { firstMap } from '../../../stages/day45-replicas/src/sharded/bucket-map.ts';
import { shardSchema } from '../../../stages/day45-replicas/src/sharded/shard-schema.ts';
import { ownerEnv } from './owner-env.ts';

/** What the app's role may do beside what the schema of a shard allows it. */
const APP_GRANTS = [
  'GRANT SELECT, INSERT, UPDATE, DELETE ON users, follows, posts, recommendations, idempotency_keys TO day90_app',
  'GRANT SELECT ON knex_migrations TO day90_app',
];

const config = ownConfig(z.object(ownerEnv));
if (config) {
  await migrateAll(config.SHARD_OWNER_URLS).catch((error: Error) => {
    process.stderr.write(`The shards could not be migrated: ${error.message}\n`);
    process.exitCode = 1;
  });
}

/** Brings every shard to the latest schema. New ones share the buckets evenly; who has which is decided once. */
async function migrateAll(urls: string[]): Promise<void> {
  const map = firstMap(urls.length);
  for (const [i, url] of urls.entries()) {
    const db = knex({ client: 'pg', connection: url });
    try {
      const isNew = !(await db.schema.hasTable('ownership'));
      await db.migrate.latest({ migrationSource });
      if (isNew) await db.transaction((trx) => makeShard(trx, i + 1, map));
      process.stdout.write(`Shard ${i + 1}: ${isNew ? 'made' : 'up to date'}.\n`);
    } finally {
      await db.destroy();
    }
  }
}

/** Makes a shard of a database that has the tables. The first one holds the map of all buckets. */
async function makeShard(db: Knex, shard: number, map: ReturnType<typeof firstMap>): Promise<void> {
  for (const statement of [...APP_GRANTS, ...shardSchema]) await db.raw(statement);
  const owned = map.shardOf.map((other) => (other === shard ? '1' : '0')).join('');
  await db.raw('UPDATE ownership SET owned = ?::bit(1024)', [owned]);
  if (shard > 1) return;
  const { format, version, shardOf, changedAt } = map;
  await db('bucket_map').insert({ format, version, shard_of: shardOf, changed_at: changedAt });
}
