import type pg from 'pg';
import { databaseClient } from './database-client.ts';
import { KeptClient } from './kept-client.ts';
import { tell } from './told.ts';

const NOT_DONE = `SELECT queue, CASE WHEN failed_at IS NOT NULL THEN 'given up' WHEN handed_at IS NULL THEN 'waiting' ELSE 'handed over' END AS state,
  count(*) AS rows FROM outbox GROUP BY 1, 2 ORDER BY 1, 2`;

/** Asks a database for the jobs that are not done. */
export class OutboxRows {
  readonly #workspace: string;
  #port = 0;
  readonly #client = new KeptClient<pg.Client>(
    () => databaseClient(this.#workspace, this.#port, 'day90_app'),
    (one) => void one.end().catch(() => {}),
  );

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** @param port - Of any of the databases. */
  async tellTo(figures: Map<string, string[]>, port: number): Promise<void> {
    if (port !== this.#port) this.#client.close();
    this.#port = port;
    const rows = await this.#client.ask(
      async (client) => (await client.query<Record<'queue' | 'state' | 'rows', string>>(NOT_DONE)).rows,
    );
    for (const { queue, state, rows: count } of rows ?? [])
      tell(figures, 'relay', `outbox: ${count} ${queue} ${state}`);
  }

  close(): void {
    this.#client.close();
  }
}
