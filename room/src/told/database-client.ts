import { secrets } from '@day90/infra';
import pg from 'pg';
import { ANSWER_MS } from './in-time.ts';

/** Roles of the databases, each with the name of its secret. */
const SECRET_OF = { day90_operator: 'db-operator', day90_app: 'db-app' } as const;

/** A role that a database is asked as. */
type Role = keyof typeof SECRET_OF;

/**
 * Connects to a database of an instance; each question has {@link ANSWER_MS}.
 * @throws When it does not take the connection in that time.
 */
export async function databaseClient(workspace: string, port: number, user: Role): Promise<pg.Client> {
  const name = SECRET_OF[user];
  const { [name]: password = '' } = await secrets(workspace, [name]);
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user, password, database: 'day90', application_name: 'day90-room' },
    ...{ connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS },
  });
  client.on('error', () => {}); // what is lost is told by the query it is lost in
  await client.connect().catch((error: Error) => {
    void client.end().catch(() => {});
    throw error;
  });
  return client;
}
