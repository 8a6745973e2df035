import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '@day90/core';
import pg from 'pg';

/** A silent primary that went away without a word is found out by looking for it anew so often, in milliseconds. */
const LOOK_MS = 1000;
const CONNECT_MS = 1000;

/** Rings when rows came into the outbox. It may miss some: who relies on it looks now and then by themselves. */
export interface OutboxBell extends Resource {
  /** Resolves when it rings, or rang since the last wait, and after `ms` at the latest. */
  wait(ms: number): Promise<void>;
}

/**
 * Listens at the primary for what a trigger of the outbox says.
 * @param urls - All databases: which one is the primary is asked, and asked again when the connection is lost.
 * @see https://www.postgresql.org/docs/18/sql-listen.html
 */
export function outboxBell(urls: readonly string[]): OutboxBell {
  let closed = false;
  let rang = false;
  let wake = () => {};
  let client: pg.Client | undefined;
  const ring = () => {
    rang = true;
    wake();
  };

  async function listen(): Promise<void> {
    while (!closed) {
      for (const url of urls) {
        client = new pg.Client({
          connectionString: url,
          application_name: 'day90-bell',
          connectionTimeoutMillis: CONNECT_MS,
        });
        await untilLost(client, ring).catch(() => undefined);
        await client.end().catch(() => undefined);
        if (closed) return;
      }
      await sleep(LOOK_MS, undefined, { ref: false });
    }
  }
  void listen();

  return {
    async wait(ms) {
      if (!rang) {
        const timer = new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, ms).unref();
        });
        await timer;
      }
      rang = false;
    },
    async close() {
      closed = true;
      ring();
      await client?.end().catch(() => undefined);
    },
  };
}

/** Listens for as long as the connection holds. Returns at once from a standby, which has nothing to say. */
async function untilLost(client: pg.Client, ring: () => void): Promise<void> {
  const lost = new Promise<void>((resolve) => {
    client.once('error', () => resolve());
    client.once('end', () => resolve());
  });
  client.on('notification', ring);
  await client.connect();
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby) return;
  await client.query('LISTEN outbox');
  ring(); // for what came while nobody listened
  await lost;
}
