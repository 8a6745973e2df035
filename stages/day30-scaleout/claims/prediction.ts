import {
  capacityDuet,
  compareBlocks,
  type DuetArm,
  type DuetRun,
  duetBlocks,
  duetBoxes,
  duetMeasurement,
  duetProblems,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  resultBlocks,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { limitApp, SATURATED_SHARE, withStages } from './cached-stage.ts';
import { MOST_OFF, predict, predictionValues, readPaths, warmUpReads } from './prediction/predict.ts';

const CONNECTIONS_A_BOX = 32;
const PATHS = 20_000;
const SIZES = [1, 2, 3] as const;
/** Measured ÷ predicted: the verdict is `equivalent` where the whole interval lies between this and its inverse. */
const GOAL = { op: '<=', value: 1 + MOST_OFF / 100 } as const;

/** What 1, 2 and 3 boxes carry, said beforehand from the CPU time of a request, and then measured. */
export const prediction: MeasuredClaim = {
  kind: 'measured',
  id: 'prediction',
  title: 'What boxes carry is known beforehand, from the CPU time of one request',
  proves: ['C9'],
  seconds: 110,
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
    for (const instance of [alone, several]) await warmUpReads(instance, context);
    // Said before anything is brought to its limit, and not touched afterwards.
    const predicted = await predict(alone, context, SIZES);
    for (const instance of [alone, several]) limitApp(instance, SATURATED_SHARE);
    const three = await duet(context, [alone, several], (done) => 0.3 + 0.35 * done);
    await several.scale('app', 2);
    const two = await duet(context, [alone, several], (done) => 0.65 + 0.35 * done);
    return { ...summarize(context, predicted, three, two), budgets: alone.ready.budgets };
  });
}

function duet(
  context: MeasureContext,
  instances: readonly Instance[],
  share: (done: number) => number,
): Promise<DuetRun> {
  const requests = readPaths(context, PATHS);
  return capacityDuet({
    ...{ blocks: context.quick ? 12 : 24, blockSeconds: 1, warmupSeconds: 4, context },
    arms: instances.map((instance) => armOf(instance, requests)),
    progress: (done) => context.progress(share(done)),
  });
}

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

function summarize(
  { seed, judged, quick }: MeasureContext,
  predicted: Readonly<Record<number, number>>,
  three: DuetRun,
  two: DuetRun,
): Measurement {
  const leastBlocks = quick ? 8 : 20;
  const metric = 'capacity of 3 boxes, predicted and then measured';
  const measured = {
    1: duetBlocks(three).map(({ before }) => before),
    2: duetBlocks(two).map(({ after }) => after),
    3: duetBlocks(three).map(({ after }) => after),
  };
  const pairs = measured[3].map((after) => ({ before: predicted[3] ?? Number.NaN, after }));
  const comparison = compareBlocks(pairs, { moreIsBetter: true, seed, leastBlocks, ...(judged && { goal: GOAL }) });
  const whole = duetMeasurement(three, metric, { seed, leastBlocks });
  return {
    ...{ ...whole, comparison, blocks: resultBlocks(pairs, three.blockSeconds, comparison.warmupBlocks) },
    values: Object.values(measured).every(({ length }) => length > 0)
      ? predictionValues(predicted, measured, judged)
      : [],
    voidBecause: [...(whole.voidBecause ?? []), ...duetProblems(two)],
    notes: [
      'Reads as the public asks for them, from the cache where it has them. Predicted first: the CPU time of an app box for a request, at a load that it has no trouble with and without a budget, gives by the utilisation law what its budget carries.',
      'More boxes: by the Universal Scalability Law, with the contention and coherency that scale-out measured, from the results in the repository.',
      ...whole.notes,
    ],
  };
}
