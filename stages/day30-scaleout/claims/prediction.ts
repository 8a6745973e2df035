import {
  capacityDuet,
  compareBlocks,
  type DuetArm,
  type DuetRun,
  duetBlocks,
  duetBoxes,
  duetMeasurement,
  duetProblems,
  knownScalability,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  publicPaths,
  resultBlocks,
  timesOne,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { limitApp, SATURATED_SHARE, withStages } from './cached-stage.ts';
import { type Forecast, MOST_OFF, predictionValues, predictOne, readPaths, warmUpReads } from './prediction/predict.ts';

const CONNECTIONS_A_BOX = 32;
const PATHS = 20_000;
/** Measured ÷ predicted: the verdict is `equivalent` where the whole interval lies between this and its inverse. */
const GOAL = { op: '<=', value: 1 + MOST_OFF / 100 } as const;

/** A run at the limit, with what was said of one box before each block: a shared machine's pace changes from one to the next. */
interface Forecasted extends DuetRun {
  ones: number[];
}

/** What 1, 2 and 3 boxes carry, said beforehand from the CPU time of a request, and then measured. */
export const prediction: MeasuredClaim = {
  kind: 'measured',
  id: 'prediction',
  title: 'What boxes carry is known beforehand, from the CPU time of one request',
  proves: ['C9'],
  seconds: 185,
  quickSeconds: 100,
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
    for (const instance of [alone, several]) limitApp(instance, SATURATED_SHARE);
    const three = await duet(context, [alone, several], (done) => 0.2 + 0.4 * done);
    await several.scale('app', 2);
    const two = await duet(context, [alone, several], (done) => 0.6 + 0.4 * done);
    return { ...summarize(context, three, two), budgets: alone.ready.budgets };
  });
}

async function duet(
  context: MeasureContext,
  instances: readonly [Instance, Instance],
  share: (done: number) => number,
): Promise<Forecasted> {
  const requests = readPaths(context, PATHS);
  const ones: number[] = [];
  const nextPath = publicPaths(context);
  const run = await capacityDuet({
    ...{ blocks: context.quick ? 14 : 36, blockSeconds: 1, warmupSeconds: 4, context },
    arms: instances.map((instance) => armOf(instance, requests)),
    beforeBlock: async () => void ones.push(await predictOne(instances[0], nextPath, context.signal)),
    progress: (done) => context.progress(share(done)),
  });
  return { ...run, ones };
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

function summarize({ seed, judged, quick }: MeasureContext, three: Forecasted, two: Forecasted): Measurement {
  const leastBlocks = quick ? 8 : 20;
  const metric = 'capacity of 3 boxes, predicted and then measured';
  const threes = forecasts(three, 1, 3);
  const pairs = threes.map(({ said, came }) => ({ before: said, after: came }));
  const comparison = compareBlocks(pairs, { moreIsBetter: true, seed, leastBlocks, ...(judged && { goal: GOAL }) });
  const whole = duetMeasurement(three, metric, { seed, leastBlocks });
  const all = [...forecasts(three, 0, 1), ...forecasts(two, 1, 2), ...threes];
  return {
    ...{ ...whole, comparison, blocks: resultBlocks(pairs, three.blockSeconds, comparison.warmupBlocks) },
    values: threes.length > 0 && duetBlocks(two).length > 0 ? predictionValues(all, judged) : [],
    voidBecause: [...(whole.voidBecause ?? []), ...duetProblems(two)],
    notes: [
      'Reads as the public asks for them, from the cache where it has them. Predicted before each block: the CPU time of an app box for a request, at a load that it has no trouble with and without a budget, gives by the utilisation law what its budget carries.',
      'More boxes: by the Universal Scalability Law, with the contention and coherency that scale-out measured, from the results in the repository.',
      ...whole.notes,
    ],
  };
}

/**
 * What was said before each block that counts, and what an arm with so many boxes then carried. Of several boxes by the
 * Universal Scalability Law.
 */
function forecasts({ blocks, ones }: Forecasted, arm: number, boxes: number): Forecast[] {
  const times = timesOne(boxes, knownScalability());
  return blocks.flatMap(({ arms, problems }, i) => {
    const [one, came] = [ones[i], arms[arm]?.perSecond];
    return problems.length > 0 || one === undefined || came === undefined ? [] : [{ boxes, said: one * times, came }];
  });
}
