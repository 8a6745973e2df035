import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const PAUSE_MS = 20;

/** Writes rows one after the other on each of some connections until told to stop; where to, the databases say. */
export class LedgerWriters {
  /** Titles of the rows that a database has acknowledged. */
  readonly acked = new Set<string>();
  readonly #urls: readonly string[];
  readonly #running: Promise<void>[];
  #over = false;

  constructor(urls: readonly string[], count: number) {
    this.#urls = urls;
    this.#running = Array.from({ length: count }, (_, n) => this.#write(n));
  }

  /** Waits until more than so many rows are acknowledged. */
  async untilAcked(count: number): Promise<void> {
    while (this.acked.size <= count) await sleep(PAUSE_MS);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }

  /** Rows that were acknowledged and are not on the node of this URL. */
  async lost(connectionString: string | undefined): Promise<string[]> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ title: string }>('SELECT title FROM posts WHERE created_at = 0');
    await client.end();
    const there = new Set(rows.map(({ title }) => title));
    return [...this.acked].filter((title) => !there.has(title));
  }

  async #write(writer: number): Promise<void> {
    for (let n = 0; !this.#over; n += 1) {
      for (const connectionString of this.#urls) {
        const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1000, query_timeout: 3000 });
        client.on('error', () => {});
        try {
          await client.connect();
          for (; !this.#over; n += 1) {
            const title = `${writer}-${n}`;
            await client.query(
              'INSERT INTO posts (author_id, title, body, created_at, updated_at) VALUES (1, $1, $1, 0, 0)',
              [title],
            );
            this.acked.add(title);
          }
        } catch {
          // a replica, one that is down, or one that went down: the next
        } finally {
          await client.end().catch(() => undefined);
        }
      }
      await sleep(PAUSE_MS);
    }
  }
}
