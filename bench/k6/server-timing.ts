/** What one answer says of its own making. Milliseconds; a part that the header does not name is absent. */
export interface ServerTiming {
  dbMs?: number;
  queries?: number;
  appMs?: number;
}

/**
 * Reads `Server-Timing` as every stage sends it: `db;dur=0.41;desc="101 queries", app;dur=1.2`.
 * @see https://www.w3.org/TR/server-timing/ for the header's grammar
 */
export function readServerTiming(header: string | undefined): ServerTiming {
  const timing: ServerTiming = {};
  const db = /(?:^|,)\s*db;dur=([\d.]+)(?:;desc="(\d+) quer)?/.exec(header ?? '');
  if (db?.[1]) timing.dbMs = Number(db[1]);
  if (db?.[2]) timing.queries = Number(db[2]);
  const app = /(?:^|,)\s*app;dur=([\d.]+)/.exec(header ?? '');
  if (app?.[1]) timing.appMs = Number(app[1]);
  return timing;
}
