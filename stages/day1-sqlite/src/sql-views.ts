import type { Logger, Resource, Views } from '@day90/core';
import { coldQuery, type SqlDatabase } from './sql-database.ts';

const FLUSH_MS = 1000;
/** Posts in one UPDATE: each takes two of SQLite's 32,766 parameters. */
const POSTS_AT_ONCE = 1000;

/**
 * Adds views up in the process and writes them once a second: a popular post costs one write a second, not one a view.
 * A crash loses the views of that second; closing flushes them.
 */
export function sqlViews(db: SqlDatabase, logger: Logger): Views & Resource {
  let counts = new Map<string, number>();

  async function flush(): Promise<void> {
    // In one order everywhere, so that two processes that flush the same posts do not wait for each other in a circle.
    const due = [...counts].sort(([a], [b]) => Number(a) - Number(b));
    counts = new Map();
    for (let start = 0; start < due.length; start += POSTS_AT_ONCE) {
      const part = due.slice(start, start + POSTS_AT_ONCE);
      try {
        await addViews(db, part);
      } catch (error) {
        logger.error({ err: error }, 'could not write views, they are kept for the next try');
        for (const [id, views] of part) counts.set(id, (counts.get(id) ?? 0) + views);
      }
    }
  }

  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(flush);
  }, FLUSH_MS);
  timer.unref();

  return {
    add(id) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    },
    async close() {
      clearInterval(timer);
      await running.then(flush);
    },
  };
}

function addViews(db: SqlDatabase, counts: [id: string, views: number][]): Promise<unknown> {
  // Postgres takes parameters in VALUES for text without the casts.
  const rows = counts.map(() => '(CAST(? AS bigint), CAST(? AS bigint))').join(', ');
  // The plus keeps SQLite from taking it the other way round: for some hundred views it would read every post there is, and
  // look each one up in a hash of them.
  const sql = `WITH added (id, views) AS (VALUES ${rows})
    UPDATE posts SET views = posts.views + added.views FROM added WHERE posts.id = +added.id`;
  return coldQuery(db, db.dialect.raw(sql, counts.flat()));
}
