import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { memberEmail } from '@day90/testing/data';
import { logIn } from '@day90/testing/members';
import { EDGE_BOXES } from '../src/distances.ts';
import { topology } from '../src/topology.ts';
import { topology as naive } from './private/naive-topology.ts';
import { PRIVATE_PATHS } from './private/private-paths.ts';
import { Visitor } from './visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Members who are led there, each for their own. */
const [ALICE, BOB] = [11, 12];

/** Leads members to their own pages, and looks whether anybody else is shown them. */
export const privatePages: MeasuredClaim = {
  kind: 'measured',
  id: 'private',
  title: "A member's own pages are shown to nobody else, however their addresses are dressed up",
  proves: ['T9'],
  scale: 'small',
  seconds: 40,
  measure,
};

interface Probes {
  asked: number;
  leaked: number;
}

function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = [
    { name: 'naive', topology: naive, folder: FOLDER, budgets: false },
    { name: 'private', topology, folder: FOLDER, budgets: false },
  ];
  return withInstances(context, wanted, async (instances) => {
    const [before, after] = [await probe(instances[0] as Instance), await probe(instances[1] as Instance)];
    await context.progress(1);
    return { ...summarize(context, before, after), budgets: (instances[1] as Instance).ready.budgets };
  });
}

/** At each edge by each path: its owner first, then somebody without a session, then another member. */
async function probe(stage: Instance): Promise<Probes> {
  const nginx = `http://127.0.0.1:${stage.box('nginx').port}`; // not through what is to be looked at
  const [alice, bob] = [await logIn(nginx, ALICE), await logIn(nginx, BOB)];
  const probes = { asked: 0, leaked: 0 };
  for (const edge of EDGE_BOXES) {
    const visitor = Visitor.at(stage, edge);
    for (const path of PRIVATE_PATHS) {
      await visitor.read(path, { cookie: alice });
      for (const headers of [{}, { cookie: bob }] as Record<string, string>[]) {
        const { text } = await visitor.read(path, headers);
        probes.asked += 1;
        if (text.includes(memberEmail(ALICE))) probes.leaked += 1;
      }
    }
    visitor.close();
  }
  return probes;
}

function summarize({ judged }: MeasureContext, before: Probes, after: Probes): Measurement {
  const kept = ({ asked, leaked }: Probes) => asked - leaked;
  const asked = before.asked + after.asked;
  return {
    metric: "looks that showed nothing of another member's",
    unit: 'count',
    comparison: {
      ...exactComparison(kept(after), Math.max(1, kept(before))),
      ...{ before: kept(before), after: kept(after), moreIsBetter: true },
    },
    arms: [
      { name: 'before', label: 'edges as often written' },
      { name: 'after', label: 'stage-5' },
    ],
    counts: [
      {
        name: `looks that showed another member's own page, of ${after.asked}`,
        ...{ before: before.leaked, after: after.leaked },
        ...(judged && { goal: { op: '=' as const, value: 0, met: after.leaked === 0 && before.leaked > 0 } }),
      },
    ],
    accounting: { offered: asked, answered: asked, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${PRIVATE_PATHS.length} addresses at each of ${EDGE_BOXES.length} edges: a member with a session asks first, then somebody without one and another member. Leaked: the first one's mail address in an answer to one of the others.`,
      'Before: a configuration that keeps every 200, whatever it says of itself, and has no cookie in its key. The app behind it is the same, and says no-store. If nothing leaked there, the probes would prove nothing.',
    ],
  };
}
