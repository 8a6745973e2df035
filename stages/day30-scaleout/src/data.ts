import type { Data } from '@day90/infra';
import { DATA_VERSION } from '@day90/testing/data';

/** The seeded database. It lies in `postgres/` of the data folder. */
export const data = {
  engine: 'postgres-18', // the major version: another one can't read its files
  version: DATA_VERSION,
  load: ['node', '../day30-scaleout/src/load-data.ts'],
  env: { DB_OWNER_PASSWORD: '${secret:db-owner}', DB_APP_PASSWORD: '${secret:db-app}' },
  unprivileged: true,
} satisfies Data;
