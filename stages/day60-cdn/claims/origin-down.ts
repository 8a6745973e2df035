import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { topology as showsErrors } from '../drills/shows-errors-topology.ts';
import { EDGE_BOXES } from '../src/distances.ts';
import { topology } from '../src/topology.ts';
import { type Visit, Visitor } from './visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const PATHS = ['/posts', '/posts/popular', '/users/1', ...Array.from({ length: 20 }, (_, i) => `/posts/${i + 1}`)];
/** Of every object, so that all of them are over soon after the origin is gone. */
const LIFE_SECONDS = 3;
const BETWEEN_MS = 25;
const [BEFORE_MS, DOWN_MS] = [4_000, 12_000];

/** Kills the origin under load and counts the visitors who got no page. */
export const originDown: MeasuredClaim = {
  kind: 'measured',
  id: 'origin-down',
  title: 'The apps are killed: what edges have is shown by all of them until somebody is back',
  proves: ['T9'],
  scale: 'small',
  seconds: 45,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const rest = { folder: FOLDER, budgets: false as const, env: { app: { EDGE_MOST_SECONDS: String(LIFE_SECONDS) } } };
  const wanted = [
    { name: 'down-before', topology: showsErrors, ...rest },
    { name: 'down-after', topology, ...rest },
  ];
  return withInstances(context, wanted, async (instances) => {
    const met = await Promise.all(instances.map((one) => whileDown(one, context.signal)));
    await context.progress(1);
    const [before, after] = met as [Visit[], Visit[]];
    return { ...summarize(context, before, after), budgets: (instances[1] as Instance).ready.budgets };
  });
}

/** What visitors of all edges met while the origin was down. */
async function whileDown(stage: Instance, signal: AbortSignal): Promise<Visit[]> {
  const visitors = EDGE_BOXES.map((edge) => Visitor.at(stage, edge));
  const visits: Visit[] = [];
  let [down, over] = [false, false];
  const look = async (visitor: Visitor) => {
    for (let n = 0; !over; n += 1) {
      const isDown = down;
      const visit = await visitor.read(PATHS[n % PATHS.length] as string);
      if (isDown) visits.push(visit);
      await sleep(BETWEEN_MS, undefined, { signal });
    }
  };
  const looking = Promise.all(visitors.map(look));
  await sleep(BEFORE_MS, undefined, { signal });
  const apps = stage.boxesOf('app');
  for (const app of apps) stage.hold(app);
  await Promise.all(apps.map((app) => stage.kill(app)));
  down = true;
  await sleep(DOWN_MS, undefined, { signal });
  over = true;
  await looking;
  for (const visitor of visitors) visitor.close();
  return visits;
}

function summarize({ judged }: MeasureContext, before: Visit[], after: Visit[]): Measurement {
  const failed = (visits: Visit[]) => visits.filter(({ status }) => status !== 200).length;
  const good = (visits: Visit[]) => visits.length - failed(visits);
  const stale = (visits: Visit[]) => visits.filter(({ cache }) => cache === 'STALE').length;
  const latency = (visits: Visit[]) => latencyOf(visits.map(({ ms }) => ms));
  const [offered, answered] = [before.length + after.length, good(before) + good(after)];
  return {
    metric: 'reads answered while the origin was down',
    unit: 'count',
    comparison: {
      ...exactComparison(good(after), Math.max(1, good(before))),
      ...{ before: good(before), after: good(after), moreIsBetter: true },
    },
    arms: [
      { name: 'before', label: 'edges that show errors', latency: latency(before) },
      { name: 'after', label: 'stage-5', latency: latency(after) },
    ],
    counts: [
      {
        name: 'failed public reads while the origin was down',
        ...{ before: failed(before), after: failed(after) },
        ...(judged && { goal: { op: '=' as const, value: 0, met: failed(after) === 0 } }),
      },
      { name: 'of the answered, those marked STALE', before: stale(before), after: stale(after) },
    ],
    accounting: { offered, answered, refused: offered - answered, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `A reader at each of ${EDGE_BOXES.length} edges reads ${PATHS.length} public pages by turns, each once in about ${(PATHS.length * BETWEEN_MS) / 1000} s; they may be kept for ${LIFE_SECONDS} s. After ${BEFORE_MS / 1000} s all apps are killed (kill -9) and stay down for ${DOWN_MS / 1000} s, in which nginx answers 502. Both variants at once.`,
      'Before: the same edges, except that an error takes the place of the answer that it was to replace.',
    ],
  };
}
