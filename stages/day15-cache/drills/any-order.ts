import { inAnyOrder } from '@day90/bench/drill';

/** An app serves from its first second, whoever else is not there yet. */
export const anyOrder = inAnyOrder({
  stage: 'stage-2',
  late: ['mail', 'cache'],
  impatient: 'drills/impatient-topology.ts',
});
