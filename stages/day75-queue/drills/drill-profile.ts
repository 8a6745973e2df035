/**
 * Settings that every drill of the queue has: a worker that is gone is missed after 4 s where a stage at work takes 15, what is
 * unfinished is handed over again after 3 s and not 10, and as many may sign up from one address as the drill sends.
 */
export const DRILL_PROFILE = {
  app: { SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '1000000' },
  relay: { HAND_OVER_AGAIN_MS: '3000' },
  worker: { JOB_LOCK_MS: '3000', STALLED_CHECK_MS: '1000' },
};
/** By when the jobs of a dead worker are begun again by another one, in milliseconds: its lock, a look, and one more second. */
export const MISSED_MS = 3000 + 1000 + 1000;
