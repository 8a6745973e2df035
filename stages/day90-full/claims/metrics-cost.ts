import { fileURLToPath } from 'node:url';
import {
  AGAIN,
  type Climbed,
  climbLadder,
  compareBlocks,
  type Ladder,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  measuredValue,
  type PairedBlock,
  resultBlocks,
} from '@day90/bench';
import { boxCpuMicros } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { topology } from './metrics-cost/topology.ts';

/** CPU time with metrics by that without, at most: the whole interval has to lie between this and its inverse. */
const MOST = 1.03;
/** Of each process in a block. */
const REQUESTS = 8_000;
const SCRAPES = 20;

const RUNGS = [
  { name: 'unmetered', adds: 'the app without metrics' },
  { name: 'metered', adds: 'the app as shipped' },
] as const;

/** What metrics cost the app: at each request, which is all that visitors pay, and at each scrape. */
export const metricsCost: MeasuredClaim = {
  kind: 'measured',
  id: 'metrics-cost',
  title: 'What it costs an app to count and to time each request',
  proves: ['C22'],
  scale: 'small', // what is asked for comes out of the cache
  seconds: 130,
  quickSeconds: 60,
  async measure(context) {
    return climbLadder(ladderOf(context), context, (climbed) => judge(context, climbed));
  },
};

/** The cheapest request of all that visitors send, so that what is added to it is as large a part as it can be. */
function ladderOf({ scale }: MeasureContext): Ladder {
  const { posts } = SCALES[scale];
  return {
    ...{ rungs: RUNGS, twin: 'twin', topology, requests: REQUESTS, notes: [] },
    folder: fileURLToPath(new URL('..', import.meta.url)),
    paths(random) {
      const rank = zipfRanks(posts, random);
      return () => `/posts/${idOfRank(rank(), posts)}`;
    },
  };
}

async function judge({ seed, judged }: MeasureContext, climbed: Climbed): Promise<Measurement> {
  const { instance, costs, blockSeconds, leastBlocks } = climbed;
  const pairs: PairedBlock[] = costs.map(({ unmetered = 0, metered = 0, [AGAIN]: again = 0 }) => ({
    ...{ before: mean([metered, again]), after: unmetered },
    aa: [metered, again],
  }));
  const goal = { op: '<=', value: MOST } as const;
  const comparison = compareBlocks(pairs, { seed, leastBlocks, ...(judged && { goal }) });
  const added = pairs.map(({ before, after }) => before - after);
  const { pid, ports } = instance.ready.boxes.find(({ name }) => name === 'metered') ?? {};
  return {
    metric: 'CPU of the app for a request, with metrics against without',
    unit: 'µs',
    comparison,
    arms: [
      { name: 'before', label: 'with metrics', cpuPerRequestUs: mean(pairs.map(({ before }) => before)) },
      { name: 'after', label: 'without', cpuPerRequestUs: mean(pairs.map(({ after }) => after)) },
    ],
    values: [
      measuredValue('CPU that metrics add to a request', 'µs', added),
      measuredValue('CPU of the app for a scrape', 'ms', await scrapeMs(pid ?? 0, ports?.metrics ?? 0)),
    ],
    blocks: resultBlocks(pairs, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    budgets: 'none',
    notes: [
      "GET /posts/:id, posts by Zipf's law, out of the cache: the cheapest request there is.",
      `Three processes on the same cache, asked at once; ${costs.length} blocks of ${REQUESTS.toLocaleString('en')} requests of each process, by autocannon over keep-alive connections.`,
      "CPU time is the process's own, all threads, for one answer; with metrics the event loop is sampled all the while.",
      `A scrape asks for all that the process tells, ${SCRAPES} times in a row.`,
      'A/A: two processes of the app with metrics. The app without has one, and what sets a process apart for good is in the figure.',
    ],
  };
}

async function scrapeMs(pid: number, port: number): Promise<number> {
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await scrape();
  const before = boxCpuMicros(pid);
  for (let n = 0; n < SCRAPES; n++) await scrape();
  return (boxCpuMicros(pid) - before) / 1000 / SCRAPES;
}
