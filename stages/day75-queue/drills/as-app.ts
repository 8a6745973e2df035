import type { Rig } from '@day90/bench/drill';
import { secrets, workspaceRoot } from '@day90/infra';
import pg from 'pg';

/** Asks the primary something, as the app may. No drill of this stage has it change. */
export async function asApp<Row extends object>(
  { instance }: Pick<Rig, 'instance'>,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { 'db-app': password = '' } = await secrets(workspaceRoot(import.meta.dirname), ['db-app']);
  const { port } = instance.box('db-1');
  const client = new pg.Client({ connectionString: `postgres://day90_app:${password}@127.0.0.1:${port}/day90` });
  client.on('error', () => {}); // the query says so
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
