import type pg from 'pg';
import { databaseClient } from './database-client.ts';
import { KeptClient } from './kept-client.ts';
import { LogPositions, positionOf } from './log-positions.ts';
import { tell } from './told.ts';

const STANDS_AT = `SELECT pg_is_in_recovery() AS standby,
  (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS lsn`;

interface Stand {
  standby: boolean;
  lsn: string;
}

/** Asks databases that are copies of each other who leads, and how late the others are. */
export class ReplicaLag {
  readonly #workspace: string;
  readonly #clients = new Map<number, KeptClient<pg.Client>>();
  readonly #positions = new LogPositions();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** @param nodes - Their ports, by name. One that does not answer is left out. */
  async tellTo(figures: Map<string, string[]>, nodes: Record<string, number>): Promise<void> {
    const stands = await Promise.all(
      Object.entries(nodes).map(async ([name, port]) => ({ name, stand: await this.#standOf(port) })),
    );
    const now = performance.now();
    const leader = stands.find(({ stand }) => stand?.standby === false)?.stand;
    if (leader) this.#positions.note(positionOf(leader.lsn), now);
    for (const { name, stand } of stands) {
      if (!stand) continue;
      const behind = this.#positions.behind(positionOf(stand.lsn), now) / 1000;
      tell(figures, name, stand.standby ? `${behind.toFixed(1)} s behind` : 'primary');
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #standOf(port: number): Promise<Stand | undefined> {
    const known = this.#clients.get(port);
    const client =
      known ??
      new KeptClient(
        () => databaseClient(this.#workspace, port, 'day90_operator'),
        (one) => void one.end().catch(() => {}),
      );
    this.#clients.set(port, client);
    return client.ask(async (one) => (await one.query<Stand>(STANDS_AT)).rows[0]);
  }
}
