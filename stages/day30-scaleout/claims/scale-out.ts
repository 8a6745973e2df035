import {
  capacityDuet,
  compareCapacity,
  comparisonOf,
  type DuetArm,
  type DuetRun,
  duetBlocks,
  duetBoxes,
  duetMeasurement,
  duetPlan,
  duetProblems,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { CACHED_POSTS, cachedPaths, limitApp, SATURATED_SHARE, warmUp, withStages } from './cached-stage.ts';
import { uslOf } from './scale-out/usl-of.ts';

/** Fewer never let a box wait for work while nginx hands its answers out (MEASURING: 32 at least). */
const CONNECTIONS_A_BOX = 32;
const PATHS = 20_000;

/** What three boxes carry, and two, against one. */
export const scaleOut: MeasuredClaim = {
  kind: 'measured',
  id: 'scale-out',
  title: 'Scaling out: equal boxes behind nginx carry together what one of them carries, times their number',
  proves: ['C9'],
  seconds: 125,
  quickSeconds: 80,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const sizes = [
    { name: 'one', boxes: 1 },
    { name: 'more', boxes: 3 },
  ];
  return withStages(context, sizes, async ([one, more]) => {
    const [alone, several] = [one as Instance, more as Instance];
    for (const instance of [alone, several]) {
      await warmUp(instance, context);
      limitApp(instance, SATURATED_SHARE);
    }
    const plan = duetPlan(context.quick);
    const points = { ...plan, blocks: context.quick ? 8 : 14, warmupSeconds: 3 };
    const whole = length(plan) + length(points);
    const three = await duet(context, [alone, several], plan, (done) => (done * length(plan)) / whole);
    await several.scale('app', 2);
    const two = await duet(context, [alone, several], points, (done) => 1 - ((1 - done) * length(points)) / whole);
    return { ...summarize(context, three, two, plan.leastBlocks), budgets: alone.ready.budgets };
  });
}

type Plan = Omit<ReturnType<typeof duetPlan>, 'leastBlocks'>;

function length({ warmupSeconds, blocks, blockSeconds }: Plan): number {
  return warmupSeconds + blocks * blockSeconds;
}

function duet(
  context: MeasureContext,
  [alone, several]: readonly [Instance, Instance],
  { blocks, blockSeconds, warmupSeconds }: Plan,
  share: (done: number) => number,
): Promise<DuetRun> {
  const requests = cachedPaths(context, PATHS);
  return capacityDuet({
    ...{ blocks, blockSeconds, warmupSeconds, context },
    arms: [armOf(alone, requests), armOf(several, requests)],
    progress: (done) => context.progress(share(done)),
  });
}

/** An instance as one side of a duet, with all that an answer passes through. */
function armOf(instance: Instance, requests: string[]): DuetArm {
  const count = instance.boxesOf('app').length;
  return {
    label: count === 1 ? '1 box' : `${count} boxes`,
    urls: [instance.url],
    connections: CONNECTIONS_A_BOX * count,
    requests,
    boxes: duetBoxes(instance, ['app', 'nginx', 'cache', 'postgres']),
  };
}

function summarize(context: MeasureContext, three: DuetRun, two: DuetRun, leastBlocks: number): Measurement {
  const { seed, judged } = context;
  const goal = judged ? ({ op: '>=', value: 2.85 } as const) : undefined;
  const measurement = duetMeasurement(three, 'capacity of 3 boxes against 1', { seed, leastBlocks, goal });
  const twoProblems = duetProblems(two);
  const pair = duetMeasurement(two, 'capacity of 2 boxes against 1', { seed, leastBlocks: 8 });
  const [, arm] = pair.arms;
  const sound = twoProblems.length === 0 && duetBlocks(three).length > 0;
  return {
    ...measurement,
    arms: [...measurement.arms, ...(arm ? [{ ...arm, name: '2 boxes' }] : [])],
    also: sound ? [comparisonOf(pair.metric, '/s', compareCapacity(two, { seed, leastBlocks: 8 }))] : [],
    values: sound ? uslOf({ 2: duetBlocks(two), 3: duetBlocks(three) }, seed) : [],
    notes: [
      `GET /posts/:id, by Zipf's law among ${CACHED_POSTS.toLocaleString('en')} posts, all of them in the cache, which kept them for a day: an app box works, and the database rests.`,
      'Two instances of the stage were up: one with 1 app box, one with 3, of which 1 was then taken away. Only app boxes have budgets; CPU of the others is reported. Each box was asked alone beforehand until it had compiled what it runs.',
      'nginx handed requests to the box with the fewest open ones (least_conn).',
      'σ and κ: the Universal Scalability Law through the three points, 1 box being 1 by definition; the interval is that of 2,000 seeded resamples of the blocks.',
      ...measurement.notes,
      ...twoProblems.map((problem) => `No figures for 2 boxes, and so no σ and κ: ${problem}.`),
    ],
  };
}
