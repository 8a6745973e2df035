import { fileURLToPath } from 'node:url';
import {
  capacityDuet,
  compareCapacity,
  comparisonOf,
  type DuetArm,
  type DuetRequest,
  type DuetRun,
  duetBoxes,
  duetMeasurement,
  duetPlan,
  duetProblems,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  withInstances,
} from '@day90/bench';
import type { Instance, Topology } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { topology as random } from '../src/random/topology.ts';
import { topology } from '../src/topology.ts';
import { arithmetic, demandsOf } from './reads/demands.ts';
import { READ, readsAndWrites, WRITES_IN } from './reads/requests.ts';
import { topology as replicasOnly } from './replicas-only/topology.ts';

/**
 * Of each database, in cores: so little that the rest of the way is never what is full. With 0.1 the app boxes, which run free
 * and take longer over a page than its database does, left less than the 15 % of two cores idle that a duet asks for.
 */
const DATABASE_SHARE = 0.07;
const CONNECTIONS_A_BOX = 32;
const WRITERS = 16;
/** In which pools get the connections that they need at the limit. One is as much work as a dozen reads. */
const SETTLE_SECONDS = 10;
const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const ONE = 'postgres://day90_app:${secret:db-app}@127.0.0.1:${port:db-1}/day90';
/** Of a standby that is read, in milliseconds. At its limit it has whoever asks how far it is wait in line with all the others. */
const MAX_LAG = { REPLICA_MAX_LAG_MS: '10000' };

/** What a primary and two replicas carry of a load that mostly reads, against one database; and what other choices make of them. */
export const reads: MeasuredClaim = {
  kind: 'measured',
  id: 'reads',
  title: 'Two replicas beside the primary: a load of nine reads and one write, against one database',
  proves: ['C14'],
  scale: 'medium',
  seconds: 225,
  quickSeconds: 80,
  measure,
};

/** A way to use three databases, beside that of the stage. */
const OTHERS: { name: string; label: string; topology: Topology }[] = [
  { name: 'random', label: 'either replica at random', topology: random },
  { name: 'replicas-only', label: 'the replica with the fewest in flight', topology: replicasOnly },
];

async function measure(context: MeasureContext): Promise<Measurement> {
  const plan = duetPlan(context.quick);
  const others = context.quick ? [] : OTHERS;
  const parts = 1 + others.length;
  const part = (at: number) => (done: number) => context.progress((at + done) / parts);
  const one = {
    name: 'one',
    topology,
    folder: FOLDER,
    replicas: { db: 1 },
    env: { app: { DATABASE_URLS: ONE, ...MAX_LAG } },
  };
  const wanted = (name: string, like: Topology) => [
    one,
    { name, topology: like, folder: FOLDER, env: { app: MAX_LAG } },
  ];
  const three = await withInstances(context, wanted('three', topology), async (instances) => {
    const [single, several] = instances as [Instance, Instance];
    const cookies = [await ready(single), await ready(several)];
    const values = arithmetic(await demandsOf(single, several, cookies[1] as string[], context));
    const run = await duet(context, [armOf('1 database'), armOf('1 + 2')], instances, cookies, plan, part(0));
    return { run, values, budgets: single.ready.budgets };
  });
  const shorter = { ...plan, blocks: 14, warmupSeconds: 5 };
  const beside: DuetRun[] = [];
  for (const [i, { name, label, topology: like }] of others.entries()) {
    const arms = [armOf('1 database'), restingArmOf(label)] as const;
    beside.push(
      await withInstances(context, wanted(name, like), async (instances) =>
        duet(context, arms, instances, await Promise.all(instances.map(ready)), shorter, part(i + 1)),
      ),
    );
  }
  const { values, budgets } = three;
  return { ...summarize(context, three.run, beside, plan.leastBlocks), values, budgets };
}

type ArmOf = (instance: Instance, requests: DuetRequest[]) => DuetArm;

/** An instance as one side of a duet: its databases have budgets, the rest runs free and is reported. */
function armOf(label: string): ArmOf {
  return (instance, requests) => ({
    label,
    urls: [instance.url],
    connections: CONNECTIONS_A_BOX * instance.boxesOf('db').length,
    requests,
    boxes: duetBoxes(instance, ['db', 'app', 'nginx', 'cache'], {
      ...{ db: DATABASE_SHARE, app: undefined, nginx: undefined, cache: undefined },
    }),
  });
}

/** One whose primary is not read, and whose databases are not all busy: that is what is wrong with it. */
function restingArmOf(label: string): ArmOf {
  return (instance, requests) => {
    const arm = armOf(label)(instance, requests);
    const boxes = arm.boxes.map((box) => ({ ...box, ...(box.cpuShare !== undefined && { mayRest: true as const }) }));
    return { ...arm, boxes, connections: CONNECTIONS_A_BOX * 2 };
  };
}

/** Lifts all budgets, and logs the writers in. */
function ready(instance: Instance): Promise<string[]> {
  for (const { name } of instance.ready.boxes) instance.setCpu(name, undefined);
  return logInMany(instance.url, WRITERS);
}

function duet(
  context: MeasureContext,
  arms: readonly [ArmOf, ArmOf],
  instances: readonly Instance[],
  cookies: readonly string[][],
  { blocks, blockSeconds, warmupSeconds }: Omit<ReturnType<typeof duetPlan>, 'leastBlocks'>,
  progress: (done: number) => Promise<void>,
): Promise<DuetRun> {
  const given = instances.map((instance, i) => (arms[i] as ArmOf)(instance, readsAndWrites(cookies[i] as string[])));
  const settleSeconds = SETTLE_SECONDS;
  return capacityDuet({ blocks, blockSeconds, warmupSeconds, settleSeconds, context, arms: given, progress });
}

function summarize(context: MeasureContext, three: DuetRun, beside: DuetRun[], leastBlocks: number): Measurement {
  const { seed, judged } = context;
  const goal = judged ? ({ op: '>=', value: 2.5 } as const) : undefined;
  const measurement = duetMeasurement(three, 'capacity of a primary and two replicas against one database', {
    ...{ seed, leastBlocks, goal },
  });
  const sound = beside.filter((run) => duetProblems(run).length === 0);
  return {
    ...measurement,
    also: sound.map((run) => {
      const metric = `capacity with ${run.arms[1]?.label}, against one database`;
      return comparisonOf(metric, '/s', compareCapacity(run, { seed, leastBlocks: 8 }));
    }),
    notes: [
      `One request of ${WRITES_IN} writes (POST /posts), the others read the newest posts (GET ${READ}), which no stage caches: each of them reaches a database.`,
      `Only databases had budgets, ${DATABASE_SHARE} of a core each; app boxes, nginx and Redis ran free, and their CPU is reported. Writers were ${WRITERS} members, each with its session; readers had none.`,
      'CPU of a read and of a write: each alone, without budgets, before the load. The arithmetic takes three equally busy databases: every one writes all that is written, and only reads are shared out.',
      `A standby was read while it was up to ${MAX_LAG.REPLICA_MAX_LAG_MS} ms behind: databases this busy tell late how far they are, and this is about how much they carry.`,
      'Other ways to choose were measured one after the other, each beside one database, in fewer blocks; there no database has to be at its limit, since nobody reads the primary.',
      ...measurement.notes,
      ...beside.flatMap((run) =>
        duetProblems(run).map((problem) => `No figures for ${run.arms[1]?.label}: ${problem}.`),
      ),
    ],
  };
}
