import type { IdempotentAnswers, Logger, Resource, StoredAnswer } from '@day90/core';
import { coldQuery, hotStatement, type SqlDatabase } from './sql-database.ts';

/** How long a client may come back with the same key. */
const KEPT_MS = 24 * 3_600_000;
const SWEEP_MS = 3_600_000;
/** The database may still be starting when the app does. */
const FIRST_SWEEP_MS = 10_000;

interface AnswerRow {
  fingerprint: string;
  status: number | null;
  body: string | null;
  version: string | null;
}

type Reservation = { userId: string; key: string; fingerprint: string; now: number };
type Kept = { userId: string; key: string } & { status: number; body: string; version: string | null };

/** Answers to requests with an `Idempotency-Key`, in the database of their effects and so in the same transaction. */
export function sqlAnswers(db: SqlDatabase, logger: Logger): IdempotentAnswers & Resource {
  const keys = () => db.dialect('idempotency_keys');
  const reserve = hotStatement<Reservation, { key: string }>(db, 'reserve-key', (dialect, $) =>
    dialect('idempotency_keys')
      .insert({ user_id: $('userId'), key: $('key'), fingerprint: $('fingerprint'), created_at: $('now') })
      .onConflict(['user_id', 'key'])
      .ignore()
      .returning('key'),
  );
  const keepAnswer = hotStatement<Kept, never>(db, 'keep-answer', (dialect, $) =>
    dialect('idempotency_keys')
      .where({ user_id: $('userId'), key: $('key') })
      .update({ status: $('status'), body: $('body'), version: $('version') }),
  );
  const sweep = () =>
    coldQuery(
      db,
      keys()
        .where('created_at', '<', Date.now() - KEPT_MS)
        .delete(),
    ).catch((error: unknown) => logger.error({ err: error }, 'could not drop old idempotency keys'));
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  const first = setTimeout(sweep, FIRST_SWEEP_MS); // also where no process lives for an hour
  first.unref();

  return {
    async begin(userId, key, fingerprint) {
      const reserved = await reserve({ userId, key, fingerprint, now: Date.now() });
      if (reserved.length > 0) return 'new';
      const [row] = await coldQuery<AnswerRow>(
        db,
        keys().select('fingerprint', 'status', 'body', 'version').where({ user_id: userId, key }),
      );
      if (row?.fingerprint !== fingerprint) return 'other_request';
      return toAnswer(row) ?? 'in_progress';
    },
    async finish(userId, key, { status, body, version }) {
      await keepAnswer({ userId, key, status, body, version: version ?? null });
    },
    async close() {
      clearInterval(timer);
      clearTimeout(first);
    },
  };
}

function toAnswer({ status, body, version }: AnswerRow): StoredAnswer | undefined {
  if (status === null || body === null) return undefined;
  return { status, body, version: version ?? undefined };
}
