import { fileURLToPath } from 'node:url';
import {
  capacityDuet,
  type DuetArm,
  type DuetRun,
  duetBoxes,
  duetMeasurement,
  duetPlan,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  withInstances,
} from '@day90/bench';
import { type Instance, loadTopology, type Topology } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { MANY_LOGINS } from './many-logins.ts';
import { mixedJourney, WRITES_IN } from './mixed-journey.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Of every box that an answer passes through, on either side, in cores. */
const SHARE = 0.2;
const MEMBERS = 16;
const REQUESTS = 4_000;
/** A stage whose fullest box used less of its budget was not at its limit. */
const LEAST_USE = 0.9;

/** A fixed number at once asks what boxes can do at most; in service fewer are let in, so that each is answered in time. */
const NOBODY_REFUSED = {
  options: { 'in-flight': '1024', 'public-reads': '8192' },
  env: { LIMITER: '', PUBLIC_READ_SHARE: '1', TARGET_MS: '60000', MOST_WAIT_MS: '60000' },
};
const APP_ENV = { ...MANY_LOGINS, ...NOBODY_REFUSED.env };

/** The first and the last age of the app: how they are started, and what an answer passes through. */
const AGES = [
  { name: 'first', label: 'stage-1', topology: '../day1-sqlite/src/topology.ts', roles: ['app'] },
  {
    ...{ name: 'full', label: 'stage-7', topology: 'src/topology.ts' },
    roles: ['edge-seoul', 'nginx', 'app', 'cache', 'sessions', 'db'],
  },
] as const;
const [FIRST, FULL] = [0, 1];

/** What the whole of it carries of what a public does, against the app of the first day. */
export const allTogether: MeasuredClaim = {
  kind: 'measured',
  id: 'all-together',
  title: 'All seven steps: what they carry together of what a public does, against the app of the first day',
  proves: ['C26'],
  scale: 'medium',
  seconds: 190,
  quickSeconds: 130,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = await Promise.all(
    AGES.map(async ({ name, topology: file, roles }) => {
      const { topology, folder } = await loadTopology(`${FOLDER}/${file}`);
      const options = name === 'full' ? { options: NOBODY_REFUSED.options } : {};
      return { name, folder, topology: inBudgets(topology, roles), env: { app: APP_ENV }, ...options };
    }),
  );
  return withInstances(context, wanted, async (instances) => {
    const { leastBlocks, ...plan } = duetPlan(context.quick);
    const arms = await Promise.all(instances.map((instance, at) => armOf(instance, at, context)));
    const run = await capacityDuet({ ...plan, arms, alternate: true, context, progress: context.progress });
    const { budgets } = (instances[FULL] as Instance).ready;
    return { ...summarize(context, run, leastBlocks), budgets };
  });
}

/** A start makes groups for budgets only where its topology has one, as the first stage has none. */
function inBudgets(topology: Topology, roles: readonly string[]): Topology {
  const boxes = Object.entries(topology.boxes).map(([name, box]) =>
    roles.includes(name) ? ([name, { ...box, cpu: SHARE }] as const) : ([name, box] as const),
  );
  return { ...topology, boxes: Object.fromEntries(boxes) };
}

async function armOf(instance: Instance, at: number, context: MeasureContext): Promise<DuetArm> {
  const { label, roles } = AGES[at] as (typeof AGES)[number];
  for (const { name } of instance.ready.boxes) instance.setCpu(name, undefined);
  const cookies = await logInMany(instance.url, MEMBERS);
  // Of several boxes in a row only the one is at its limit that is full first.
  const shares = Object.fromEntries(roles.map((role) => [role, SHARE]));
  const boxes = duetBoxes(instance, roles, shares).map((box) => ({
    ...box,
    ...(at === FULL && { mayRest: true as const }),
  }));
  return {
    ...{ label, boxes, urls: [instance.url], requests: mixedJourney(context, cookies, REQUESTS) },
    connections: at === FULL ? 96 : 32,
  };
}

function summarize(context: MeasureContext, run: DuetRun, leastBlocks: number): Measurement {
  const { seed } = context;
  const pair = { before: FIRST, after: FULL, seed, leastBlocks };
  const measurement = duetMeasurement(run, 'capacity of all seven steps against the first', pair);
  const full = fullest(run);
  return {
    ...measurement,
    values: [
      measuredValue('boxes that an answer passes through at stage 7', '', run.arms[FULL]?.boxes.length ?? 0),
      measuredValue(`use of the budget of the fullest of them, ${full.name}`, '', full.use),
    ],
    notes: [
      `One request of ${WRITES_IN} is a new post by a member, one asks who it is, one reads what all may as a member; the others are read by who has no account: posts, authors' pages, the popular list, the feed, by Zipf's law.`,
      `Every box that an answer passes through has ${SHARE} of a core, on either side: the app alone at stage 1, its database in it; at stage 7 the edge in Seoul, nginx, 3 app boxes, 2 Redis and 3 databases. What else runs has no budget.`,
      'Nobody is refused on either side: the limits of stage 7 are set beyond what is under way.',
      'A visitor in Seoul: no distance is in it. What edges are worth to others is the claim distance of stage 5.',
      ...measurement.notes,
    ],
    voidBecause: [
      ...(measurement.voidBecause ?? []),
      ...(full.use >= LEAST_USE
        ? []
        : [`no box of stage-7 used more than ${Math.round(full.use * 100)} % of its budget`]),
    ],
  };
}

/** The box of stage 7 that was full first. */
function fullest({ arms, blocks }: DuetRun): { name: string; use: number } {
  const uses = (arms[FULL]?.boxes ?? []).map(({ name }, i) => ({
    name,
    use: mean(blocks.map((block) => (block.arms[FULL]?.boxes[i]?.used ?? 0) / SHARE)),
  }));
  return uses.reduce((most, one) => (one.use > most.use ? one : most), { name: 'none', use: 0 });
}
