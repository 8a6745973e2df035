import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { scaling } from 'stage-3/boxes';
import { isGood, MOST_MS, type Seen, secondsUntil, whileHigh } from './autoscale/seen.ts';
import { stepLoad } from './autoscale/step-load.ts';
import { topology } from './autoscale/topology.ts';
import { settled, warmUp } from './autoscale/warm-up.ts';
import { watchBoxes } from './autoscale/watch-boxes.ts';
import { MANY_LOGINS } from './many-logins.ts';
import { mixedJourney } from './mixed-journey.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const BOUNDS = { least: 2, most: 6 };
/** What the fewest boxes use of their budgets at first: four times that is more than they have. */
const BASE_USE = 0.3;
const TIMES = 4;
const LONGEST_SECONDS = 20;

/** Four times the visitors come at once, to boxes whose number follows them and to boxes whose number does not. */
export const autoscale: MeasuredClaim = {
  kind: 'measured',
  id: 'autoscale',
  title: 'Four times the visitors come at once: boxes are added until they are enough, and go when they are not needed',
  proves: ['C13', 'C26'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 200,
  quickSeconds: 130,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const rest = { topology, folder: FOLDER, env: { app: MANY_LOGINS } };
  const wanted = [
    { name: 'fixed', ...rest, replicas: { app: BOUNDS.least } },
    { name: 'scaled', ...rest, autoscale: BOUNDS },
  ];
  return withInstances(context, wanted, async (instances) => {
    const [fixed, scaled] = instances as [Instance, Instance];
    const warm = await Promise.all([fixed, scaled].map((instance) => warmUp(instance, context)));
    await context.progress(0.2);
    await settled(scaled, BOUNDS.least, context.signal);
    await context.progress(0.4);
    const micros = mean(warm.map(({ cost }) => cost));
    const rate = Math.round((BASE_USE * BOUNDS.least * scaling.budget * 1e6) / micros);
    const steps = [
      { rate, seconds: 10 },
      { rate: TIMES * rate, seconds: context.quick ? 25 : 40 },
      { rate, seconds: context.quick ? 5 : 60 },
    ] as const;
    const [before, after] = await Promise.all(
      [fixed, scaled].map((instance, i) => visited(instance, warm[i]?.cookies ?? [], steps, context)),
    );
    await context.progress(1);
    return { ...summarize(context, before as Seen, after as Seen), budgets: scaled.ready.budgets };
  });
}

async function visited(
  instance: Instance,
  cookies: readonly string[],
  steps: Seen['steps'],
  context: MeasureContext,
): Promise<Seen> {
  const requests = mixedJourney({ ...context, seed: context.seed + 1 }, cookies, 5_000);
  const watched = await watchBoxes(instance, () => stepLoad(instance.url, requests, steps, context.signal));
  return { visits: watched.result, looks: watched.looks, steps };
}

function summarize({ judged }: MeasureContext, before: Seen, after: Seen): Measurement {
  const late = (seen: Seen) =>
    whileHigh(seen).filter((visit) => !isGood(visit) || visit.end - visit.at > MOST_MS).length;
  const failed = (seen: Seen) => seen.visits.filter((visit) => !isGood(visit)).length;
  const [calmly, high] = after.steps;
  const took = secondsUntil(after, scaling, BOUNDS.most);
  const { enough = high.seconds, calm, needed, surplus = 0 } = took;
  const arm = (seen: Seen) =>
    latencyOf(
      whileHigh(seen)
        .filter(isGood)
        .map(({ at, end }) => end - at),
    );
  const [offered, refused] = [before.visits.length + after.visits.length, failed(before) + failed(after)];
  return {
    metric: `requests at ${TIMES} times the load that failed, or took longer than ${MOST_MS} ms`,
    unit: 'count',
    comparison: exactComparison(Math.max(1, late(before)), Math.max(1, late(after))),
    arms: [
      { name: 'before', label: `${BOUNDS.least} boxes`, latency: arm(before) },
      { name: 'after', label: `${BOUNDS.least} to ${BOUNDS.most} boxes`, latency: arm(after) },
    ],
    counts: [
      { name: 'requests that failed, in all', before: failed(before), after: failed(after) },
      { name: 'boxes at most', before: BOUNDS.least, after: Math.max(...after.looks.map(({ count }) => count)) },
      { name: 'boxes at the end', before: BOUNDS.least, after: after.looks.at(-1)?.count ?? 0 },
    ],
    values: [
      measuredValue(
        `from four times the load to the ${needed} boxes it needs, all answering`,
        's',
        enough,
        judged ? { op: '<=', value: LONGEST_SECONDS } : undefined,
      ),
      measuredValue(`from four times the load until 95 of 100 answers take at most ${MOST_MS} ms again`, 's', calm),
      measuredValue('boxes beyond those needed, on the mean of the load after that', '', surplus),
    ],
    accounting: { offered, answered: offered - refused, refused, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      ...(took.enough === undefined
        ? [`There never were the ${needed} boxes that it needs: all of the high load stands for it.`]
        : []),
      `Two instances at once, each app box with ${scaling.budget} of a core: one with ${BOUNDS.least} boxes, one with ${BOUNDS.least} to ${BOUNDS.most} (\`--autoscale\`). Nine reads and one write, through nginx and no edge: ${calmly.rate} requests a second for ${calmly.seconds} s, then ${high.rate} for ${high.seconds} s, then as before; a request is due when it is due, whatever became of those before it.`,
      `The rate is such that ${BOUNDS.least} boxes use ${BASE_USE * 100} % of their budgets at first, by what a request took of the CPU in a warm-up without budgets.`,
      `Needed: the CPU time that the boxes used in the last 10 s of the high load, over ${scaling.cpu * 100} % of a budget and a tenth of that more, within which a count is left alone (from fewer boxes the policy rounds up without that tenth, and may add one beyond it); at most as many as there may be. A new box starts without a budget and has compiled nothing when it gets its first request.`,
    ],
  };
}
