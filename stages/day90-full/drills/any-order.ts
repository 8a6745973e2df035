import { inAnyOrder } from '@day90/bench/drill';

/** Who needs a database waits until there is one, and serves from then on. */
export const anyOrder = inAnyOrder({
  stage: 'stage-7',
  late: ['mail', 'cache', 'sessions', 'db', 'queue'],
  says: /waiting for the database/,
  impatient: 'drills/impatient-topology.ts',
});
