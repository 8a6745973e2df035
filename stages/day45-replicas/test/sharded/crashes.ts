import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** Work that stops as if its process had died: from some query on nothing it sends arrives, but that its transaction is over. */
export interface Crashes {
  /** @param queries - How many it still sends; undefined lets it live. */
  within<T>(queries: number | undefined, work: () => Promise<T>): Promise<T>;
  restore(): void;
}

/** Lets queries of node-postgres fail, until it is restored. */
export function crashable(): Crashes {
  const lives = new AsyncLocalStorage<{ queries: number }>();
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function crashing(this: pg.Client, ...args: unknown[]) {
    const life = lives.getStore();
    const [query] = args as [{ text?: string } | string];
    const text = typeof query === 'string' ? query : query?.text;
    // The server itself rolls back what a dead process had open.
    if (life && text !== 'ROLLBACK' && --life.queries < 0) return Promise.reject(new Error('crashed'));
    return original.apply(this, args);
  } as typeof pg.Client.prototype.query;
  return {
    within: (queries, work) => (queries === undefined ? work() : lives.run({ queries }, work)),
    restore: () => {
      pg.Client.prototype.query = original as typeof pg.Client.prototype.query;
    },
  };
}
