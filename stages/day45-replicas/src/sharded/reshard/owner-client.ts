import pg from 'pg';

/** A connection to a shard as its owner, whom neither policies nor triggers bind. */
export interface OwnerClient {
  rows<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Runs `work` in a transaction of this connection. */
  inTransaction<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects. @throws {Error} When the shard can't be reached; so does every call once it is gone. */
export async function ownerClient(url: string): Promise<OwnerClient> {
  const client = new pg.Client({ connectionString: url, application_name: 'day90-reshard' });
  client.on('error', () => {}); // told by the next query
  await client.connect();
  const rows = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    (await client.query<Row>(sql, values)).rows;
  return {
    rows,
    async inTransaction(work) {
      await rows('BEGIN');
      try {
        const result = await work();
        await rows('COMMIT');
        return result;
      } catch (error) {
        await rows('ROLLBACK').catch(() => {});
        throw error;
      }
    },
    close: () => client.end(),
  };
}
