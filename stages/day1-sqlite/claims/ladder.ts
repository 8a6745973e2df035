import { fileURLToPath } from 'node:url';
import {
  type Arm,
  type BlockComparison,
  closedLoop,
  compareBlocks,
  comparisonOf,
  type GoalBound,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  type PairedBlock,
  resultBlocks,
  seededRandom,
} from '@day90/bench';
import { boxCpuMicros, boxRssBytes, type Instance, launch } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { RUNGS, type Rung } from './ladder/rungs.ts';
import { topology } from './ladder/topology.ts';

const CONNECTIONS = 32;
const REQUESTS = 1_500;
const WARMUP_REQUESTS = 8_000;
const GOALS: Partial<Record<Rung, GoalBound>> = {
  context: { op: '>=', value: 0.5 },
  shipped: { op: '>=', value: 0.35 },
};
/** The whole app is measured twice in each block, so that its two figures show how far equal things differ. */
const AGAIN = 'shipped again';

/** What each layer of the app costs one request, in CPU time. */
export const ladder: MeasuredClaim = {
  kind: 'measured',
  id: 'ladder',
  title: 'What each layer costs: one post, from a bare server with the same look-up to the app as it is shipped',
  proves: [],
  seconds: 65,
  measure,
};

/** CPU time for one answer in microseconds, by rung, of one block. */
type Costs = Record<string, number>;

async function measure(context: MeasureContext): Promise<Measurement> {
  const { scale, signal } = context;
  const instance = await launch(topology, {
    ...{ scale, signal, ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    folder: fileURLToPath(new URL('..', import.meta.url)),
    instance: `bench-${process.pid}-ladder`,
  });
  try {
    const plan = context.quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 26, leastBlocks: 20 };
    const startedAt = performance.now();
    const blocks = await climb(instance, context, plan.blocks);
    const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
    return summarize(instance, context, blocks, { ...plan, blockSeconds });
  } finally {
    await instance.stop();
  }
}

async function climb(instance: Instance, context: MeasureContext, count: number): Promise<Costs[]> {
  const { scale, seed } = context;
  const random = seededRandom(seed);
  const rank = zipfRanks(SCALES[scale].posts, random);
  const nextPath = () => `/posts/${idOfRank(rank(), SCALES[scale].posts)}`;
  for (const { name } of RUNGS) await load(instance, name, WARMUP_REQUESTS, nextPath, context.signal);
  const blocks: Costs[] = [];
  for (let i = 0; i < count; i += 1) {
    const paths = Array.from({ length: REQUESTS }, nextPath);
    const costs: Costs = {};
    for (const name of shuffled([...RUNGS.map((rung) => rung.name), AGAIN], random)) {
      let turn = 0;
      const next = () => paths[turn++ % paths.length] as string;
      costs[name] = await load(instance, name === AGAIN ? 'shipped' : name, REQUESTS, next, context.signal);
    }
    blocks.push(costs);
    await context.progress((i + 1) / count);
  }
  return blocks;
}

/** @returns CPU time of the rung's process for one answer, in microseconds. */
async function load(
  instance: Instance,
  rung: string,
  requests: number,
  nextPath: () => string,
  signal: AbortSignal,
): Promise<number> {
  const { pid, port } = instance.box(rung);
  const before = boxCpuMicros(pid);
  const answers = await closedLoop({
    ...{ connections: CONNECTIONS, requests, nextPath, signal },
    url: `http://127.0.0.1:${port}`,
  });
  return (boxCpuMicros(pid) - before) / answers;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

function summarize(
  instance: Instance,
  { seed, judged }: MeasureContext,
  costs: Costs[],
  plan: { blocks: number; leastBlocks: number; blockSeconds: number },
): Measurement {
  const compare = (rung: Rung): BlockComparison => {
    const goal = judged ? GOALS[rung] : undefined;
    return compareBlocks(pairs(costs, rung), { seed, leastBlocks: plan.leastBlocks, ...(goal && { goal }) });
  };
  const shipped = compare('shipped');
  const others = RUNGS.filter(({ name }) => name !== 'bare' && name !== 'shipped');
  return {
    metric: 'CPU for a request, bare against the app as shipped',
    unit: 'µs',
    comparison: shipped,
    arms: RUNGS.map(({ name, adds }, i) => armOf(instance, name, i === 0 ? adds : `+ ${adds}`, costs)),
    also: others.map(({ name, adds }) => comparisonOf(`bare against + ${adds}`, 'µs', compare(name))),
    accounting: books(costs.length),
    blocks: resultBlocks(pairs(costs, 'shipped'), plan.blockSeconds, shipped.warmupBlocks),
    blockSeconds: plan.blockSeconds,
    notes: [
      'GET /posts/:id. The ratio is the share of the bare floor: 0.5 means twice the CPU time.',
      'Each rung is a process of its own with one layer more than the one before; all are up at once on the same data.',
      `${plan.blocks} blocks of ${REQUESTS} requests on each rung, in random order, by autocannon over ${CONNECTIONS} keep-alive connections; posts by Zipf's law.`,
      "CPU time is the process's own, all threads, for one answer.",
      'A/A: the whole app measured twice in each block.',
    ],
  };
}

function pairs(costs: Costs[], rung: Rung): PairedBlock[] {
  return costs.map((block) => {
    const aa = [block.shipped as number, block[AGAIN] as number] as const;
    const after = rung === 'shipped' ? mean([...aa]) : (block[rung] as number);
    return { before: block.bare as number, after, aa };
  });
}

function armOf(instance: Instance, name: Rung, label: string, costs: Costs[]): Arm {
  return {
    ...{ name, label },
    cpuPerRequestUs: mean(costs.map((block) => block[name] as number)),
    rssBytes: boxRssBytes(instance.box(name).pid),
  };
}

/** Every request was answered, or the run would have ended with an error. */
function books(blocks: number): NonNullable<Measurement['accounting']> {
  const sent = RUNGS.length * WARMUP_REQUESTS + blocks * (RUNGS.length + 1) * REQUESTS;
  return { offered: sent, answered: sent, refused: 0, timedOut: 0, dropped: 0 };
}
