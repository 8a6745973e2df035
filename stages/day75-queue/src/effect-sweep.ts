import { type Logger, type Resource, runInBackground } from '@day90/core';
import { hotStatement, type SqlDatabase } from 'stage-1';

/** Longer than any queue keeps a job: one that came again after that would be done again. */
const KEPT_MS = 7 * 24 * 3_600_000;
const SWEEP_MS = 3_600_000;

/** Time in which somebody may have a job tried again that was given up: there are addresses of people in it. */
const GIVEN_UP_MS = 30 * 24 * 3_600_000;

/**
 * Drops notes of effects that are so old that nobody can deliver their jobs any more, and jobs that were given up and that nobody
 * came for, once an hour.
 */
export function sweepEffects(db: SqlDatabase, logger: Logger): Resource {
  const drop = hotStatement<{ before: number }, never>(db, 'drop-old-effects', (dialect, $) =>
    dialect('job_effects').where('created_at', '<', $('before')).delete(),
  );
  const dropGivenUp = hotStatement<{ before: number }, never>(db, 'drop-given-up', (dialect, $) =>
    dialect('outbox').where('failed_at', '<', $('before')).delete(),
  );
  const sweep = async () => {
    await drop({ before: Date.now() - KEPT_MS });
    await dropGivenUp({ before: Date.now() - GIVEN_UP_MS });
  };
  const timer = setInterval(() => {
    runInBackground(db.transactor, sweep).catch((error: unknown) =>
      logger.error({ err: error }, 'could not drop old effects and given-up jobs'),
    );
  }, SWEEP_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
    },
  };
}
