import { fileURLToPath } from 'node:url';
import {
  closedLoop,
  compareBlocks,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  resultBlocks,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { topology } from './hit-cost/topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const REQUESTS = 3_000;
const CONNECTIONS = 16;

/** What a hit costs, beside others that keep answers, and beside one that keeps none. */
export const hitCost: MeasuredClaim = {
  kind: 'measured',
  id: 'hit-cost',
  title: 'What an answer of an edge costs in CPU, beside one that nginx has kept, and one that it need not look for',
  proves: [],
  seconds: 40,
  quickSeconds: 20,
  measure,
};

/** Microseconds of CPU for one answer, in one block. */
interface Costs {
  edge: number;
  edgeAgain: number;
  proxy: number;
  constant: number;
}

function measure(context: MeasureContext): Promise<Measurement> {
  const wanted = [{ name: 'hit-cost', topology, folder: FOLDER, budgets: false }];
  return withInstances(context, wanted, async ([instance]) => {
    const stage = instance as Instance;
    const plan = context.quick ? { blocks: 10, leastBlocks: 8 } : { blocks: 24, leastBlocks: 20 };
    const blocks: Costs[] = [];
    for (let i = 0; i < plan.blocks; i += 1) {
      blocks.push({
        edge: await cost(stage, 'edge-seoul', '/posts/1', context.signal),
        proxy: await cost(stage, 'proxy', '/posts/1', context.signal),
        constant: await cost(stage, 'proxy', '/constant', context.signal),
        edgeAgain: await cost(stage, 'edge-seoul', '/posts/1', context.signal),
      });
      await context.progress((i + 1) / plan.blocks);
    }
    return summarize(context, stage, blocks, plan.leastBlocks);
  });
}

/** CPU time of all processes of a box for one answer, under keep-alive connections that are always busy. */
async function cost(stage: Instance, box: string, path: string, signal: AbortSignal): Promise<number> {
  const url = `http://127.0.0.1:${stage.box(box).port}`;
  const before = stage.usage(box).cpuMicros;
  const answers = await closedLoop({ url, connections: CONNECTIONS, requests: REQUESTS, nextPath: () => path, signal });
  return (stage.usage(box).cpuMicros - before) / answers;
}

function summarize({ seed }: MeasureContext, { ready }: Instance, blocks: Costs[], leastBlocks: number): Measurement {
  const paired = blocks.map(({ proxy, edge, edgeAgain }) => ({
    before: proxy,
    after: (edge + edgeAgain) / 2,
    aa: [edge, edgeAgain] as const,
  }));
  const comparison = compareBlocks(paired, { seed, leastBlocks });
  const kept = blocks.slice(comparison.warmupBlocks);
  const asked = blocks.length * 4 * REQUESTS;
  return {
    metric: 'CPU of the server for an answer that it has',
    unit: 'µs',
    comparison,
    arms: [
      { name: 'before', label: 'nginx, proxy_cache' },
      { name: 'after', label: 'edge, hit' },
    ],
    values: [
      measuredValue(
        'CPU for a hit at an edge',
        'µs',
        kept.map(({ edge, edgeAgain }) => (edge + edgeAgain) / 2),
      ),
      measuredValue(
        "CPU for a hit of nginx' proxy_cache",
        'µs',
        kept.map(({ proxy }) => proxy),
      ),
      measuredValue(
        'CPU for a constant answer of nginx',
        'µs',
        kept.map(({ constant }) => constant),
      ),
    ],
    accounting: { offered: asked, answered: asked, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(paired, 0, comparison.warmupBlocks),
    blockSeconds: 0,
    notes: [
      `${REQUESTS.toLocaleString('en')} requests over ${CONNECTIONS} kept connections to each server by turns in every block, each sent when the answer before it has come; all for the same answer of 1.1 kB. CPU time of all processes of the server, its kernel's part included.`,
      'The edge runs on the stage’s own configuration: it writes an id, a Server-Timing and its headers anew for each answer. nginx runs without an access log here.',
    ],
    budgets: ready.budgets,
  };
}
