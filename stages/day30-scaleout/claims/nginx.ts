import { Agent } from 'node:http';
import {
  closedLoop,
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  median,
  resultBlocks,
  seededRandom,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { CACHED_POSTS, cachedPaths, warmUp, withStages } from './cached-stage.ts';
import { ask, openArrivals } from './visitor.ts';

/** Arrivals a second at both doors together: a tenth of what the box carries. */
const RATE = 400;
const BLOCK_SECONDS = 1;
/** Requests through nginx of a block, for its CPU time. */
const REQUESTS = 2_000;
const CONNECTIONS = 16;
const PATHS = 20_000;

/** What the way through nginx adds to that to a box itself. */
export const nginx: MeasuredClaim = {
  kind: 'measured',
  id: 'nginx',
  title: 'The balancer costs hardly anything: the same box, asked directly and through nginx',
  proves: ['C10'],
  seconds: 50,
  quickSeconds: 25,
  measure,
};

/** What one block saw: milliseconds of each answer, and microseconds of nginx for one. */
interface Seen {
  direct: number[];
  through: number[];
  cpuMicros: number;
}

function measure(context: MeasureContext): Promise<Measurement> {
  return withStages(context, [{ name: 'nginx', boxes: 1 }], async ([instance]) => {
    const stage = instance as Instance;
    await warmUp(stage, context);
    const plan = context.quick ? { blocks: 12, leastBlocks: 8 } : { blocks: 26, leastBlocks: 20 };
    const paths = cachedPaths(context, PATHS);
    let turn = 0;
    const nextPath = () => paths[turn++ % paths.length] as string;
    const random = seededRandom(context.seed);
    await closedLoop({ url: stage.url, connections: CONNECTIONS, requests: 10_000, nextPath, signal: context.signal });
    const blocks: Seen[] = [];
    for (let i = 0; i < plan.blocks; i += 1) {
      blocks.push({
        ...(await askBoth(stage, nextPath, random, context.signal)),
        cpuMicros: await cpuOfNginx(stage, nextPath, context.signal),
      });
      await context.progress((i + 1) / plan.blocks);
    }
    return summarize(context, stage, blocks, plan.leastBlocks);
  });
}

/** Visitors who arrive at a fixed rate, each picking its door at random. */
async function askBoth(
  instance: Instance,
  nextPath: () => string,
  random: () => number,
  signal: AbortSignal,
): Promise<Pick<Seen, 'direct' | 'through'>> {
  const agent = new Agent({ keepAlive: true });
  const direct = `http://127.0.0.1:${instance.box('app-1').port}`;
  const seen = { direct: [] as number[], through: [] as number[] };
  try {
    await openArrivals({ rate: RATE, seconds: BLOCK_SECONDS, signal }, async () => {
      const door = random() < 0.5 ? 'direct' : 'through';
      const url = door === 'direct' ? direct : instance.url;
      const sentAt = performance.now();
      const { status, error } = await ask(url, { path: nextPath() }, agent);
      if (status === 200) seen[door].push(performance.now() - sentAt);
      else throw new Error(`${url} answered ${error ?? status}`);
    });
    return seen;
  } finally {
    agent.destroy();
  }
}

/** CPU time of all of nginx' processes for one answer, in microseconds, under keep-alive connections that are always busy. */
async function cpuOfNginx(instance: Instance, nextPath: () => string, signal: AbortSignal): Promise<number> {
  const before = instance.usage('nginx').cpuMicros;
  const load = { url: instance.url, connections: CONNECTIONS, requests: REQUESTS, nextPath, signal };
  const answers = await closedLoop(load);
  return (instance.usage('nginx').cpuMicros - before) / answers;
}

function summarize(
  { seed, judged }: MeasureContext,
  { ready }: Instance,
  blocks: Seen[],
  leastBlocks: number,
): Measurement {
  const paired = blocks.map(({ direct, through }) => ({
    before: median(direct),
    after: median(through),
    aa: [median(through.filter((_, i) => i % 2 === 0)), median(through.filter((_, i) => i % 2 === 1))] as const,
  }));
  const comparison = compareBlocks(paired, { seed, leastBlocks });
  const kept = comparison.warmupBlocks;
  const added = paired.slice(kept).map(({ before, after }) => after - before);
  const cpu = blocks.slice(kept).map(({ cpuMicros }) => cpuMicros);
  const atMost = (value: number) => (judged ? ({ op: '<=', value } as const) : undefined);
  const all = (of: 'direct' | 'through') => latencyOf(blocks.flatMap((block) => block[of]));
  const offered = blocks.length * (RATE * BLOCK_SECONDS + REQUESTS);
  return {
    metric: 'response time of one box, p50 per block',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'asked directly', latency: all('direct') },
      { name: 'after', label: 'asked through nginx', latency: all('through') },
    ],
    values: [
      measuredValue('CPU of nginx for a request', 'µs', cpu, atMost(25)),
      measuredValue('what nginx adds to the response time, p50', 'ms', added, atMost(0.3)),
    ],
    accounting: { offered, answered: offered, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(paired, BLOCK_SECONDS, kept),
    blockSeconds: BLOCK_SECONDS,
    notes: [
      `GET /posts/:id, by Zipf's law among ${CACHED_POSTS.toLocaleString('en')} posts, all of them in the cache. One app box, without a budget.`,
      `Response times: ${RATE} arrivals a second in all, each at the box's own port or at nginx, picked at random, over kept connections; from its sending to its whole answer.`,
      `CPU: after each such block, ${REQUESTS.toLocaleString('en')} requests through nginx by autocannon over ${CONNECTIONS} keep-alive connections; all of nginx' processes, its access log included.`,
      'A/A: every other answer through nginx of each block.',
    ],
    budgets: ready.budgets,
  };
}
