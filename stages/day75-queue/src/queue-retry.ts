import type { QueueName } from './queue-names.ts';
import type { Ask } from './queue-state.ts';
import { inTime, type Queues } from './queues.ts';

/**
 * Has jobs that were given up done after all, with all their tries anew and under the ids they had: what was done before is not
 * done a second time.
 * @param ask - Runs a statement on the primary.
 * @param id - Of one; all of them without.
 * @returns The ids of those that the relay hands over next. One that somebody is at already is not among them.
 */
export async function retryGivenUp(ask: Ask, queues: Queues, id?: string): Promise<string[]> {
  const rows = await ask<{ id: string; queue: QueueName }>(
    'SELECT id, queue FROM outbox WHERE failed_at IS NOT NULL AND ($1::uuid IS NULL OR id = $1) ORDER BY failed_at',
    [id ?? null],
  );
  const again: string[] = [];
  for (const row of rows) {
    // Out of the queue first: while it has the failed one, it takes another of that id for the same, and does nothing.
    if ((await inTime(queues.of(row.queue).remove(row.id))) === 0) continue;
    const changed = await ask<{ id: string }>(
      `UPDATE outbox SET failed_at = NULL, reason = NULL, handed_at = NULL
       WHERE id = $1 AND failed_at IS NOT NULL RETURNING id`,
      [row.id],
    );
    again.push(...changed.map((one) => one.id));
  }
  return again;
}
