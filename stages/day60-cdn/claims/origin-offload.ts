import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  seededRandom,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { EDGE_BOXES } from '../src/distances.ts';
import { topology } from '../src/topology.ts';
import { type OriginRequest, originRequests } from './origin-offload/origin-log.ts';
import { type Visit, Visitor } from './visitor.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Of every object here, so that a run sees several of them. */
const LIFE_SECONDS = 5;
const READERS = 8;
/** The most popular ones: most posts of a site are read too rarely for any cache. */
const POSTS = 300;

/** Counts what of the reads of three edges comes to the origin. */
export const originOffload: MeasuredClaim = {
  kind: 'measured',
  id: 'origin-offload',
  title: 'Behind three edges the origin is asked once for an object in each of its lives, by all of them together',
  proves: ['C19', 'C20'],
  scale: 'small',
  seconds: 60,
  quickSeconds: 35,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const env = { app: { EDGE_MOST_SECONDS: String(LIFE_SECONDS) } };
  const wanted = [{ name: 'offload', topology, folder: FOLDER, budgets: false, env }];
  return withInstances(context, wanted, async ([instance]) => {
    const stage = instance as Instance;
    const visits = await readAll(stage, context, context.quick ? 12 : 32);
    await sleep(1500); // nginx writes its lines a second late
    return summarize(context, stage, visits, originRequests(stage.folders.logs));
  });
}

/** Readers at each edge, each as fast as it is answered. */
async function readAll(stage: Instance, { scale, seed, signal, progress }: MeasureContext, seconds: number) {
  const began = performance.now();
  const visits: Visit[] = [];
  const random = seededRandom(seed);
  const rank = zipfRanks(POSTS, random);
  const path = () => {
    const turn = random();
    if (turn < 0.1) return '/posts/popular';
    if (turn < 0.2) return '/posts';
    return `/posts/${idOfRank(rank(), SCALES[scale].posts)}`;
  };
  const reader = async (edge: string) => {
    const visitor = Visitor.at(stage, edge);
    while (performance.now() - began < seconds * 1000) {
      signal.throwIfAborted();
      visits.push(await visitor.read(path()));
      await sleep(5); // a model of distance on the same two cores must not be starved by those who have none
    }
    visitor.close();
  };
  const clock = setInterval(() => void progress((performance.now() - began) / seconds / 1000).catch(() => {}), 1000);
  try {
    await Promise.all(EDGE_BOXES.flatMap((edge) => Array.from({ length: READERS }, () => reader(edge))));
  } finally {
    clearInterval(clock);
  }
  return visits;
}

/** Of these, those for an object within its life since the one before. */
function tooSoon(requests: readonly OriginRequest[]): number {
  const byObject = Map.groupBy(requests, ({ url }) => url);
  return [...byObject.values()]
    .flatMap((of) => of.toSorted((a, b) => a.at - b.at).map(({ at }, i, all) => at - (all[i - 1]?.at ?? 0)))
    .filter((gap) => gap < LIFE_SECONDS * 1000).length;
}

function summarize(
  { judged }: MeasureContext,
  { ready }: Instance,
  visits: Visit[],
  requests: OriginRequest[],
): Measurement {
  const bad = visits.filter(({ status }) => status !== 200).length;
  const soon = tooSoon(requests);
  const objects = new Set(requests.map(({ url }) => url)).size;
  return {
    metric: 'reads that the origin answers',
    unit: 'count',
    comparison: exactComparison(visits.length, Math.max(1, requests.length)),
    arms: [
      { name: 'before', label: 'asked at the edges' },
      { name: 'after', label: 'asked at the origin', latency: latencyOf(visits.map(({ ms }) => ms)) },
    ],
    counts: [
      {
        name: `requests to the origin for an object within ${LIFE_SECONDS} s of the one before`,
        before: visits.length - objects,
        after: soon,
        ...(judged && { goal: { op: '=' as const, value: 0, met: soon === 0 } }),
      },
      {
        name: 'reads that were not answered with the page',
        before: 0,
        after: bad,
        ...(judged && { goal: { op: '=' as const, value: 0, met: bad === 0 } }),
      },
    ],
    values: [
      measuredValue('share of the reads that comes to the app', '%', (100 * requests.length) / visits.length),
      measuredValue('objects', 'count', objects),
    ],
    accounting: { offered: visits.length, answered: visits.length - bad, refused: bad, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `${READERS} readers at each of ${EDGE_BOXES.length} edges, in a closed loop with 5 ms between two reads: of ten, eight read one of ${POSTS} posts by Zipf's law, one each the popular page and the newest posts. Each may be kept for ${LIFE_SECONDS} s here; the share depends on that, on the rate, and on the skew, and is only shown.`,
      "Requests to the origin: lines of nginx' access log, each with its time, without the looks at its pulse. Nothing is written meanwhile.",
      'Latencies are of all reads, over the distance between edges where there was a miss, and only shown.',
    ],
    budgets: ready.budgets,
  };
}
