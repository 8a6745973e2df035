import { noteTiming, openHandle, type Resource } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import { openPostgres } from 'stage-3';

/** Reads by the stage's policy, but on replicas alone: the primary does nothing but write. No floors: nobody comes back here. */
export function leastBusyReplica(
  urls: readonly string[],
  options: Parameters<typeof openPostgres>[1],
): { primary: SqlDatabase; reads: SqlDatabase } & Resource {
  const all = urls.map((url) => ({ db: openPostgres(url, options), inFlight: 0 }));
  const [{ db: primary }, ...replicas] = all as [(typeof all)[0], ...typeof all];
  let turn = 0;
  const reads: SqlDatabase = {
    ...primary,
    async run(query) {
      if (openHandle() !== undefined) return primary.run(query);
      turn += 1;
      const inTurn = replicas.map((_, i) => replicas[(i + turn) % replicas.length] as (typeof all)[0]);
      const chosen = inTurn.reduce((best, one) => (one.inFlight < best.inFlight ? one : best));
      noteTiming('dbnode', `desc="replica-${all.indexOf(chosen) + 1}"`);
      chosen.inFlight += 1;
      return chosen.db.run<never>(query).finally(() => {
        chosen.inFlight -= 1;
      });
    },
  };
  return {
    ...{ primary, reads, broken: primary.broken },
    async ready() {
      await Promise.all(all.map(({ db }) => db.ready?.()));
    },
    async close() {
      await Promise.all(all.map(({ db }) => db.close()));
    },
  };
}
