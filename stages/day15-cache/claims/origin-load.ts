import { fileURLToPath } from 'node:url';
import {
  exactComparison,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
} from '@day90/bench';
import { defineTopology, type Instance, launch, loadTopology, type Topology } from '@day90/infra';
import { topology as stage } from '../src/topology.ts';
import { hitRates, READS_BEFORE, READS_COUNTED } from './origin-load/hit-rates.ts';
import { type Visit, Visitors } from './visitors.ts';

const READS = 10_000;
const READERS = 32;
const COUNT = `queries for ${READS.toLocaleString('en')} reads of the popular page`;

/** Counts what of the reads comes to the database. */
export const originLoad: MeasuredClaim = {
  kind: 'measured',
  id: 'origin-load',
  title: 'What is left for the database: one query for all reads of the popular page, and of posts as their skew says',
  proves: ['C6'],
  scale: 'small',
  seconds: 40,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const before = await loadTopology(fileURLToPath(new URL('../../day1-sqlite/src/topology.ts', import.meta.url)));
  // Lines of `hello` have their placeholders filled in: the claim's own way to the cache, password included.
  const hello = [stage.boxes.app?.env?.CACHE_URL as string];
  const cached = defineTopology({ ...stage, variant: 'origin-load', hello });
  const uncachedApp = await up(before.topology, before.folder, 'before', context);
  try {
    const cachedApp = await up(cached, fileURLToPath(new URL('..', import.meta.url)), 'after', context);
    try {
      const popular = { before: await readPopular(uncachedApp, context), after: await readPopular(cachedApp, context) };
      await context.progress(0.4);
      return summarize(context, popular, await hitRates(context, cachedApp.hello[0] as string));
    } finally {
      await cachedApp.stop();
    }
  } finally {
    await uncachedApp.stop();
  }
}

function up(topology: Topology, folder: string, name: string, { scale, signal }: MeasureContext): Promise<Instance> {
  return launch(topology, {
    ...{ folder, scale, signal, ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    instance: `bench-${process.pid}-origin-${name}`,
  });
}

async function readPopular({ url }: Instance, { signal }: MeasureContext): Promise<Visit[]> {
  const visitors = new Visitors([url], { connections: READERS });
  try {
    const visits = await visitors.closed(READS, READERS, () => '/posts/popular', signal);
    const bad = visits.filter(({ status, timing }) => status !== 200 || timing.queries === undefined);
    if (bad.length > 0) throw new Error(`${bad.length} of ${READS} reads of ${url} were not answered as expected`);
    return visits;
  } finally {
    visitors.close();
  }
}

function summarize(
  { judged }: MeasureContext,
  popular: { before: Visit[]; after: Visit[] },
  rates: NonNullable<Measurement['values']>,
): Measurement {
  const sum = (visits: Visit[], of: 'queries' | 'dbMs') =>
    visits.reduce((all, { timing }) => all + (timing[of] ?? 0), 0);
  const queries = { before: sum(popular.before, 'queries'), after: sum(popular.after, 'queries') };
  const ms = { before: sum(popular.before, 'dbMs'), after: sum(popular.after, 'dbMs') };
  const latency = (visits: Visit[]) => latencyOf(visits.map((visit) => visit.ms));
  return {
    metric: COUNT,
    unit: 'count',
    comparison: exactComparison(queries.before, queries.after),
    arms: [
      { name: 'before', label: 'stage-1', latency: latency(popular.before) },
      { name: 'after', label: 'stage-2', latency: latency(popular.after) },
    ],
    counts: [{ name: COUNT, ...queries, ...(judged && { goal: { op: '=', value: 1, met: queries.after === 1 } }) }],
    values: [
      measuredValue('database time of these reads, stage-1', 'ms', ms.before),
      measuredValue('database time of these reads, stage-2', 'ms', ms.after),
      ...rates,
    ],
    accounting: { offered: 2 * READS, answered: 2 * READS, refused: 0, timedOut: 0, dropped: 0 },
    blocks: [],
    blockSeconds: 0,
    notes: [
      `The popular page: ${READS.toLocaleString('en')} reads by ${READERS} readers within one life of the entry, on each stage; queries and their time summed over Server-Timing of all answers.`,
      `Posts: after ${READS_BEFORE.toLocaleString('en')} reads by Zipf's law with exponent s over all posts, the loads among the next ${READS_COUNTED.toLocaleString('en')} were counted, by the app's own cache and repositories in one process, with a Redis large enough for all posts and no entry ending meanwhile.`,
      'Calculated: of each rank with share p, the chance that a read is the first one of its post, Σ p (1 − p)^n over the counted reads n.',
      'Latencies are of readers in a closed loop and only shown: no figure rests on them.',
    ],
  };
}
