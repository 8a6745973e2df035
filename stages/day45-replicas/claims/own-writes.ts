import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { topology as random } from '../src/random/topology.ts';
import { topology } from '../src/topology.ts';
import { type Pairs, writeAndRead } from './own-writes/write-and-read.ts';

const PAIRS = 10_000;
/** So late are all replicas: within what the stage still reads. */
const LAG = '500ms';
const MEMBERS = 16;
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Members write and read what they have written, at once, while all replicas are half a second behind. */
export const ownWrites: MeasuredClaim = {
  kind: 'measured',
  id: 'own-writes',
  title: 'Replicas half a second behind: whoever has written something finds it, at once and always',
  proves: ['T6'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 75,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = [
    { name: 'random', topology: random, folder: FOLDER, options: { lag: LAG }, budgets: false },
    { name: 'own-writes', topology, folder: FOLDER, options: { lag: LAG }, budgets: false },
  ];
  const pairs = context.quick ? PAIRS / 10 : PAIRS;
  return withInstances(context, wanted, async (instances) => {
    const counted: Pairs[] = [];
    for (const [i, { url }] of instances.entries()) {
      const cookies = await logInMany(url, MEMBERS);
      const progress = (done: number) => context.progress((i + done) / instances.length);
      counted.push(await writeAndRead({ url, cookies, pairs, signal: context.signal, progress }));
    }
    const [before, after] = counted as [Pairs, Pairs];
    return { ...summarize(context, before, after), budgets: (instances[0] as Instance).ready.budgets };
  });
}

function summarize({ judged }: MeasureContext, before: Pairs, after: Pairs): Measurement {
  const fresh = ({ asked, stale }: Pairs) => asked - stale;
  const asked = before.asked + after.asked;
  const all = after.asked.toLocaleString('en');
  const goal = judged ? { goal: { op: '=' as const, value: 0, met: after.stale === 0 } } : {};
  return {
    metric: 'reads that showed the reader what it had just written',
    unit: 'count',
    comparison: {
      ...exactComparison(fresh(after), Math.max(1, fresh(before))),
      before: fresh(before),
      after: fresh(after),
      moreIsBetter: true,
    },
    arms: [
      { name: 'before', label: 'stage-4, start:random' },
      { name: 'after', label: 'stage-4' },
    ],
    counts: [
      { name: `own writes not shown, of ${all} reads`, before: before.stale, after: after.stale, ...goal },
      {
        name: `of these, on the page of all posts, of ${(after.asked / 2).toLocaleString('en')}`,
        before: before.staleOnPage,
        after: after.staleOnPage,
      },
      {
        name: 'pages that went back in time for the member who loaded them',
        before: before.backwards,
        after: after.backwards,
      },
      { name: 'own reads that a replica answered', before: before.byReplica, after: after.byReplica },
    ],
    accounting: { offered: 2 * asked, answered: 2 * asked, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${MEMBERS} members at once: each writes (PUT or POST), has its answer, and reads at once; every other pair is a post of its own that is changed and read (through the cache), the others a new one that is looked for among the newest posts (which no cache has).`,
      `All replicas replay everything ${LAG} late (recovery_min_apply_delay), and both variants read them. No budgets. The same pairs on both, one after the other.`,
      'Counts, not times.',
    ],
  };
}
