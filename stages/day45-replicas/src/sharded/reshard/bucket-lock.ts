import { BUCKET_LOCKS } from '../shard-schema.ts';
import type { OwnerClient } from './owner-client.ts';

/** Writers queue behind whoever waits for this lock: it gives way and tries again when it does not get it. Milliseconds. */
const LOCK_MS = 200;
const MOST_TRIES = 50;
const LOCK_NOT_AVAILABLE = '55P03';
/** So long writers wait at most, also for a mover that was frozen: then the shard itself ends its transaction. Milliseconds. */
const PAUSE_MS = 2000;

/**
 * Runs work in a transaction that has the bucket's lock alone: no writer is in it.
 * @param work - Gets when the lock was asked for, since when new writers have waited.
 * @throws {Error} When that was too long ago: it is rolled back by then.
 */
export async function alone<T>(shard: OwnerClient, bucket: number, work: (askedAt: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    let askedAt = 0;
    try {
      return await shard.inTransaction(async () => {
        askedAt = performance.now();
        // https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-TRANSACTION-TIMEOUT
        await shard.rows(`SET LOCAL transaction_timeout = ${PAUSE_MS}; SET LOCAL lock_timeout = ${LOCK_MS}`);
        await shard.rows('SELECT pg_advisory_xact_lock($1, $2)', [BUCKET_LOCKS, bucket]);
        await shard.rows('SET LOCAL lock_timeout = 0');
        return work(askedAt);
      });
    } catch (error) {
      if (performance.now() - askedAt > PAUSE_MS)
        throw new Error(`bucket ${bucket}: its writers were let go on after ${PAUSE_MS} ms: nothing was moved`, {
          cause: error,
        });
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || tries === MOST_TRIES) throw error;
    }
  }
}
