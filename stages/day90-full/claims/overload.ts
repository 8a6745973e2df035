import { fileURLToPath } from 'node:url';
import { attackCeiling, type MeasureContext, type MeasuredClaim, type Measurement, withInstances } from '@day90/bench';
import { topology as shedding } from '../drills/tight-topology.ts';
import { topology as unshed } from '../drills/unshed-topology.ts';
import { crowdOf, rushAt } from './overload/rush-onto.ts';
import { summarize } from './overload/summarize.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Three times as many as can be answered, with somebody who refuses and without. */
export const overload: MeasuredClaim = {
  kind: 'measured',
  id: 'overload',
  title:
    'Three times as many come as can be answered: those let in are answered in time, all others are told so at once',
  proves: ['C13'],
  scale: 'medium', // each reader wants another post, and at small there are fewer of those than readers
  seconds: 200,
  quickSeconds: 110,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const env = { app: { LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '1000000' } };
  const wanted = [
    { name: 'unshed', topology: unshed, folder: FOLDER, env },
    { name: 'shed', topology: shedding, folder: FOLDER, env },
  ];
  const { scratch, guardian, signal } = context;
  const ceiling = await attackCeiling({ scratch, guardian, signal });
  return withInstances(context, wanted, async ([before, after]) => {
    if (!before || !after) throw new Error('both arms are needed');
    // One at a time: two that are overloaded at once would have the machine's limits measured, and not those of their boxes.
    const crowd = await crowdOf(after, context);
    const { capacity } = crowd;
    const ofAfter = await rushAt(crowd.rush, capacity, signal);
    await context.progress(0.5);
    const ofBefore = await rushAt((await crowdOf(before, context)).rush, capacity, signal);
    await context.progress(1);
    const measured = summarize(context, { before: ofBefore, after: ofAfter, capacity, ceiling });
    return { ...measured, budgets: after.ready.budgets };
  });
}
