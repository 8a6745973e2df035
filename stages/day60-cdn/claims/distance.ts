import { fileURLToPath } from 'node:url';
import {
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  median,
  resultBlocks,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { topology } from '../src/topology.ts';
import { type City, CityWays, type Seen, WAYS } from './distance/city-ways.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const LEAST_RATIO = 15;
/** What an edge, and an origin that has the answer at hand, may add to the modelled round trip, in milliseconds. */
const HIT_MS = 2;
const MISS_MS = 3;

/** The table of C18, from four cities. */
export const distance: MeasuredClaim = {
  kind: 'measured',
  id: 'distance',
  title: 'Distance is latency: a page from the edge nearby against the same page from Seoul, from four cities',
  proves: ['C18'],
  scale: 'small', // it does not depend on how much data there is
  seconds: 90,
  quickSeconds: 55,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  // Whatever is asked for is in Redis: the way is measured, and not the database.
  const env = { app: { CACHE_POST_SECONDS: '3600' } };
  const wanted = [{ name: 'distance', topology, folder: FOLDER, budgets: false, env }];
  return withInstances(context, wanted, async ([instance]) => {
    const stage = instance as Instance;
    const plan = context.quick ? { blocks: 10, leastBlocks: 8 } : { blocks: 24, leastBlocks: 20 };
    const cities = WAYS.map((way, i) => new CityWays(stage, way, i));
    try {
      await Promise.all(cities.map((city) => city.prepare(plan.blocks)));
      const blocks: Seen[][] = [];
      for (let i = 0; i < plan.blocks; i += 1) {
        blocks.push(await Promise.all(cities.map((city) => city.block(i))));
        await context.progress((i + 1) / plan.blocks);
      }
      return summarize(context, stage, blocks, plan.leastBlocks);
    } finally {
      for (const city of cities) city.close();
    }
  });
}

function summarize(context: MeasureContext, { ready }: Instance, blocks: Seen[][], leastBlocks: number): Measurement {
  const la = WAYS.findIndex(({ city }) => city === 'la');
  const paired = blocks.map((block) => {
    const { direct, hit } = block[la] as Seen;
    const half = (rest: number) => median(hit.filter((_, i) => i % 2 === rest));
    return { before: median(direct), after: median(hit), aa: [half(0), half(1)] as const };
  });
  const goal = { op: '>=' as const, value: LEAST_RATIO };
  const comparison = compareBlocks(paired, { seed: context.seed, leastBlocks, ...(context.judged && { goal }) });
  const kept = blocks.slice(comparison.warmupBlocks);
  const all = (of: 'direct' | 'hit') => kept.flatMap((block) => block[la]?.[of] ?? []);
  const asked = blocks.flat().reduce((sum, { direct, hit, miss }) => sum + direct.length + hit.length + miss.length, 0);
  return {
    metric: 'response time from Los Angeles, p50 per block',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'without edges', latency: latencyOf(all('direct')) },
      { name: 'after', label: 'edge nearby, hit', latency: latencyOf(all('hit')) },
    ],
    values: WAYS.flatMap((way, i) =>
      valuesOf(
        way,
        kept.map((block) => block[i] as Seen),
        context.judged,
      ),
    ),
    accounting: { offered: asked, answered: asked, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(paired, 0, comparison.warmupBlocks),
    blockSeconds: 0,
    notes: [
      `The round trips are a model: a TCP proxy on this machine delays by what the guide has (${WAYS.map(({ city, near, far }) => `${city} ${far} ms, to its edge ${near} ms`).join('; ')}). So the ratio can't be more than theirs, which from Los Angeles is 200 ÷ 10 = 20, whatever is behind it. Opening a connection, TLS and slow links are not in it: connections stay open.`,
      'A page is a post that Redis has. Hit: one that the edge has. Miss: one that no edge has been asked for, each only once. Without edges: the same over the whole distance. All three at the same time, from all cities at once, one after the other on each way.',
      'What the proxy adds: an answer that the edge makes up itself, over the link, less the round trip and less the same without a link.',
    ],
    budgets: ready.budgets,
  };
}

function valuesOf({ city, near, far }: City, blocks: readonly Seen[], judged: boolean) {
  const p50 = (of: keyof Seen) => blocks.map((seen) => median(seen[of]));
  const goal = (value: number) => (judged ? { op: '<=' as const, value } : undefined);
  return [
    measuredValue(`from ${city} without edges, p50`, 'ms', p50('direct')),
    measuredValue(`from ${city}, hit, p50`, 'ms', p50('hit'), goal(near + HIT_MS)),
    measuredValue(`from ${city}, miss, p50`, 'ms', p50('miss'), goal(far + MISS_MS)),
    measuredValue(`from ${city}, what the proxy adds to ${near} ms`, 'ms', p50('overshoot')),
  ];
}
