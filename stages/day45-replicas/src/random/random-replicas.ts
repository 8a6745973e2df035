import { type Logger, noteTiming, openHandle, type Resource } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import { openPostgres } from 'stage-3';

/**
 * Replicas as they are usually taught: writes to the first server, each read to one of the others at random. Everything the
 * step protects against happens here: nobody finds what they have just written, a page goes back in time when it is loaded
 * again, the cache is filled with what a write has just ended, and a dead replica fails every second read.
 */
export function randomReplicas(
  urls: readonly string[],
  options: { logger: Logger; pool: number },
): { primary: SqlDatabase; reads: SqlDatabase } & Resource {
  const all = urls.map((url) => openPostgres(url, options));
  const [primary, ...replicas] = all as [(typeof all)[0], ...typeof all];
  const reads: SqlDatabase = {
    ...primary,
    run(query) {
      if (openHandle() !== undefined) return primary.run(query);
      const chosen = Math.floor(Math.random() * replicas.length);
      noteTiming('dbnode', `desc="replica-${chosen + 2}"`);
      return (replicas[chosen] ?? primary).run(query);
    },
  };
  return {
    primary,
    reads,
    broken: primary.broken,
    async ready() {
      await Promise.all(all.map((db) => db.ready?.()));
    },
    async close() {
      await Promise.all(all.map((db) => db.close()));
    },
  };
}
