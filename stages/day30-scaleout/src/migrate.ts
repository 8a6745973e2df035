import { parseConfig } from '@day90/core';
import pg from 'pg';
import { z } from 'zod';
import { letAppUseRows } from './app-rights.ts';
import { migrate } from './postgres-migrate.ts';

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('The database, as the owner of its tables'),
});

/** Brings an empty database, or one of an earlier version, to the latest tables: for where nobody loads the seeded data. */
async function main(url: string): Promise<void> {
  await migrate(url, 'latest');
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    await letAppUseRows(owner);
  } finally {
    await owner.end();
  }
}

try {
  await main(parseConfig(schema, process.env).DATABASE_URL);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`); // such as a database that is not there yet: a stack would say no more
  process.exitCode = 1;
}
