import { type Images, type Logger, type Resource, runInBackground, transaction } from '@day90/core';
import { coldQuery, type SqlDatabase } from 'stage-1';

/** Whoever sends a picture waits for ten seconds: what was begun an hour ago belongs to a process that is dead. */
const ABANDONED_MS = 3_600_000;
const SWEEP_MS = 3_600_000;
/** A process that has just started may not have reached its database yet. */
const FIRST_SWEEP_MS = 60_000;
const AT_ONCE = 100;

/**
 * Removes pictures that were begun and never noted, a minute after the start and once an hour. Any number of boxes may do so.
 * @param db - The database of all writes.
 */
export function sweepPending(db: SqlDatabase, images: Images, logger: Logger): Resource {
  const closing = new AbortController();
  let running = Promise.resolve();
  const sweep = () => {
    running = removeAbandoned(db, images, closing.signal).then(
      (pictures) => void (pictures > 0 && logger.info({ pictures }, 'removed pictures that were never noted')),
      (error: unknown) => logger.error({ err: error }, 'could not remove pictures that were never noted'),
    );
  };
  const timers = [setTimeout(sweep, FIRST_SWEEP_MS).unref(), setInterval(sweep, SWEEP_MS).unref()];
  return {
    async close() {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}

/**
 * Removes what was begun an hour ago and never noted. One that can't be removed ends it: the others would fare no better.
 * @returns How many.
 */
export async function removeAbandoned(db: SqlDatabase, images: Images, signal: AbortSignal): Promise<number> {
  const before = Date.now() - ABANDONED_MS;
  for (let removed = 0; ; ) {
    const names = await runInBackground(db.transactor, () => begunBefore(db, before));
    for (const name of names) {
      if (signal.aborted) return removed;
      await runInBackground(db.transactor, () => removePending(db, images, name));
      removed += 1;
    }
    if (names.length === 0) return removed;
  }
}

async function begunBefore(db: SqlDatabase, before: number): Promise<string[]> {
  const old = db.dialect('pending_images').select('name').where('created_at', '<', before);
  const rows = await coldQuery<{ name: string }>(db, old.orderBy(['created_at', 'name']).limit(AT_ONCE));
  return rows.map(({ name }) => name);
}

/** Its row is deleted and not committed while the picture goes: neither can it be noted in between, nor forgotten when that fails. */
function removePending(db: SqlDatabase, images: Images, name: string): Promise<void> {
  return transaction(async () => {
    const begun = db.dialect('pending_images').where('name', name).delete().returning('name');
    if ((await coldQuery(db, begun)).length > 0) await images.remove(name);
  });
}
