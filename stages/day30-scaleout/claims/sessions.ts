import type { MeasureContext, MeasuredClaim, Measurement } from '@day90/bench';
import { topology } from '../src/topology.ts';
import { topology as inMemory } from './sessions/in-memory/topology.ts';
import { comebackProblems, comebacks } from './sessions/known-on-all.ts';
import { lookupCost } from './sessions/lookup-cost.ts';

/** Counts who is known where, then measures what that costs. */
export const sessions: MeasuredClaim = {
  kind: 'measured',
  id: 'sessions',
  title:
    'Sessions in a Redis of all boxes: who logs in on one is known on each, and pays for it where a session is needed',
  proves: ['C12'],
  scale: 'small', // neither depends on how much data there is
  seconds: 115,
  quickSeconds: 75,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const before = await comebacks(inMemory, context);
  await context.progress(0.15);
  const after = await comebacks(topology, context);
  await context.progress(0.3);
  const cost = await lookupCost({ ...context, progress: (done) => context.progress(0.3 + 0.7 * done) });
  const met = before.strangers === (before.asked * 2) / 3 && after.strangers === 0;
  return {
    ...cost,
    counts: [
      {
        name: `members taken for strangers, of ${after.asked} requests after one login each`,
        ...{ before: before.strangers, after: after.strangers },
        goal: { op: '=', value: 0, met },
      },
    ],
    notes: [
      'Counted: members log in through nginx (round-robin) and come back once to each of three boxes. Before: sessions in the memory of each box; after: in Redis. Met is that two of three are lost before, and none after.',
      ...cost.notes,
    ],
    voidBecause: [...(cost.voidBecause ?? []), ...comebackProblems(before, after)],
  };
}
