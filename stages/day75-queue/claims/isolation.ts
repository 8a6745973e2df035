import { fileURLToPath } from 'node:url';
import {
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  type PairedBlock,
  quantile,
  resultBlocks,
  seededRandom,
  withInstances,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { jobsLeft, pour } from '../drills/pour.ts';
import { withQueues } from '../drills/queue-of.ts';
import { topology } from '../src/topology.ts';
import { readFor } from './isolation/readers.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const JOBS = 50_000;
/** Requests a second, about a quarter of what the boxes carry. */
const RATE = 80;
const HALF_SECONDS = 3;
/** Jobs under way when a queue is paused are done by then. */
const SETTLE_MS = 300;
/** "At most 1.5 times as long" as a ratio of before to after. */
const LEAST = 1 / 1.5;

/** Reads the same instance by turns while its workers rest, and while they have fifty thousand jobs to do. */
export const isolation: MeasuredClaim = {
  kind: 'measured',
  id: 'isolation',
  title: 'Fifty thousand jobs are waiting and being done, and whoever opens a page waits hardly longer',
  proves: ['C21'],
  seconds: 180,
  quickSeconds: 85,
  measure,
};

/** Times of answers in milliseconds, with the workers at rest and at work. */
interface Block {
  rest: number[];
  work: number[];
}

function measure(context: MeasureContext): Promise<Measurement> {
  return withInstances(context, [{ name: 'stage-6', topology, folder: FOLDER }], async ([instance]) => {
    if (!instance) throw new Error('the stage is needed');
    const plan = context.quick ? { blocks: 10, leastBlocks: 8 } : { blocks: 24, leastBlocks: 20 };
    const random = seededRandom(context.seed);
    await pour({ instance, scale: context.scale }, JOBS);
    await readFor(instance.url, { rate: RATE, seconds: 10, scale: context.scale, random, signal: context.signal });
    const begun = await jobsLeft({ instance });
    const blocks: Block[] = [];
    const startedAt = performance.now();
    for (let i = 0; i < plan.blocks; i += 1) {
      const order: readonly (keyof Block)[] = i % 2 === 0 ? ['rest', 'work'] : ['work', 'rest'];
      const taken: Block = { rest: [], work: [] };
      for (const at of order) taken[at] = await oneHalf(instance, at, context, random);
      blocks.push(taken);
      await context.progress((i + 1) / plan.blocks);
    }
    const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
    const done = (begun - (await jobsLeft({ instance }))) / (plan.blocks * HALF_SECONDS);
    return {
      ...judge(context, blocks, { blockSeconds, leastBlocks: plan.leastBlocks, done }),
      budgets: instance.ready.budgets,
    };
  });
}

async function oneHalf(
  instance: Instance,
  at: keyof Block,
  { scale, signal }: MeasureContext,
  random: () => number,
): Promise<number[]> {
  await withQueues({ instance }, async (queues) => {
    const queue = queues.of('recommendations');
    await (at === 'rest' ? queue.pause() : queue.resume());
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return readFor(instance.url, { rate: RATE, seconds: HALF_SECONDS, scale, random, signal });
}

function judge(
  { seed, judged }: MeasureContext,
  blocks: readonly Block[],
  { blockSeconds, leastBlocks, done }: { blockSeconds: number; leastBlocks: number; done: number },
): Measurement {
  const pairs: PairedBlock[] = blocks.map(({ rest, work }) => {
    const [odd, even] = [0, 1].map((n) => at99(work.filter((_, i) => i % 2 === n)));
    return { before: at99(rest), after: at99(work), aa: [odd ?? Number.NaN, even ?? Number.NaN] };
  });
  const goal = judged ? { goal: { op: '>=' as const, value: LEAST } } : {};
  const comparison = compareBlocks(pairs, { seed, leastBlocks, ...goal });
  const sent = blocks.reduce((sum, { rest, work }) => sum + rest.length + work.length, 0);
  return {
    metric: 'response time of a page, p99 per block',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'workers at rest', latency: latencyOf(blocks.flatMap(({ rest }) => rest)) },
      { name: 'after', label: 'workers at work', latency: latencyOf(blocks.flatMap(({ work }) => work)) },
    ],
    values: [measuredValue('jobs done a second, while there are any', '/s', done)],
    accounting: { offered: sent, answered: sent, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(pairs, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      `One instance with ${JOBS.toLocaleString('en')} recommendations to be computed, none of them with a mail; its queue is paused and resumed by turns, ABBA, ${HALF_SECONDS} s each. The goal says at most 1.5 times as long, which is a ratio of at least 0.667.`,
      `${RATE} requests a second, at their times whatever the answers did: posts by Zipf's law, authors, popular posts, the feed. Boxes have their budgets: three app boxes and three databases of 0.2 core each, a worker of 0.2, a relay of 0.1.`,
      'A/A: every other request of the after arm against the rest.',
    ],
  };
}

function at99(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.99,
  );
}
