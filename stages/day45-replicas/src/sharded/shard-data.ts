import type { Data } from '@day90/infra';
import { DATA_VERSION } from '@day90/testing/data';

/** Raised with the shards' schema or the map's. */
const SHARDS_VERSION = 4;
/** Shards at the first start. */
export const FIRST_SHARDS = 3;
/** Shards there can be: so many have a data folder, and a port. */
export const MOST_SHARDS = 6;

/** The seeded data in the folders `shard-1` to `shard-6`; those behind the first three are empty. */
export const data = {
  engine: 'postgres-18-shards',
  version: DATA_VERSION * 100 + SHARDS_VERSION,
  load: ['node', 'src/sharded/load-data.ts'],
  env: { DB_OWNER_PASSWORD: '${secret:db-owner}', DB_APP_PASSWORD: '${secret:db-app}' },
  unprivileged: true,
} satisfies Data;
