import { randomUUID } from 'node:crypto';
import type { Rig } from '@day90/bench/drill';
import { SCALES } from '@day90/testing/data';
import { asApp } from './as-app.ts';

const AT_ONCE = 5000;

/** Writes recommendations to be computed into the outbox, as if so many had signed up at once. */
export async function pour(rig: Pick<Rig, 'instance' | 'scale'>, jobs: number): Promise<void> {
  const { users } = SCALES[rig.scale];
  for (let poured = 0; poured < jobs; poured += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, i) => ({
      id: randomUUID(),
      job: { name: 'recommendations', userId: String(1 + ((poured + i) % users)) },
    }));
    await asApp(
      rig,
      `INSERT INTO outbox (id, queue, job, request_id, created_at)
       SELECT id, 'recommendations', job, 'flood', $2 FROM json_to_recordset($1) AS rows (id uuid, job json)`,
      [JSON.stringify(rows), Date.now()],
    );
  }
}

/** How many of them are not done yet. */
export async function jobsLeft(rig: Pick<Rig, 'instance'>): Promise<number> {
  const [row] = await asApp<{ left: string }>(
    rig,
    "SELECT count(*) AS left FROM outbox WHERE queue = 'recommendations'",
  );
  return Number(row?.left);
}
