import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@day90/infra';
import { asApp } from '../../drills/as-app.ts';
import { withQueues } from '../../drills/queue-of.ts';
import { QUEUES } from '../../src/queue-names.ts';

const LOOK_MS = 500;
/** Work that is not done by then never will be, in milliseconds. */
const PATIENCE_MS = 60_000;
/** Of nothing to do, in a row: between two tries a job is in neither list for a moment. */
const QUIET_LOOKS = 4;

/**
 * Waits until there is nothing left to be done, in the outbox or in the queues.
 * @throws {Error} When there still is after a minute.
 */
export async function settled(instance: Instance, signal: AbortSignal): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    if (performance.now() > end) throw new Error('jobs are still left a minute after the last kill');
    await sleep(LOOK_MS, undefined, { signal });
    quiet = (await left(instance)) === 0 ? quiet + 1 : 0;
  }
}

async function left(instance: Instance): Promise<number> {
  const [row] = await asApp<{ left: string }>({ instance }, 'SELECT count(*) AS left FROM outbox');
  const inQueues = await withQueues({ instance }, async (queues) => {
    const counts = await Promise.all(
      QUEUES.map((name) => queues.of(name).getJobCounts('waiting', 'active', 'delayed')),
    );
    return counts.flatMap((states) => Object.values(states)).reduce((sum, count) => sum + count, 0);
  });
  return Number(row?.left) + inQueues;
}
