import type { Instance, Topology } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import type { MeasureContext, MeasuredClaim, Measurement } from '../claim.ts';
import { resultBlocks } from '../claim.ts';
import { closedLoop } from '../closed-loop.ts';
import { measuredValue } from '../measured-value.ts';
import { compareBlocks } from '../statistics.ts';
import { withInstances } from '../with-instances.ts';
import { newPosts, publicPaths, WRITERS } from './visitors.ts';

/** The CPU time of each box in one phase of a block, in microseconds, and how long that took. */
interface Phase {
  micros: Record<string, number>;
  seconds: number;
}

interface Block {
  reads: Phase;
  writes: Phase;
}

/** Requests of each kind in a block, and over how many connections they come. */
const READS = 400;
const WRITES = 100;
const CONNECTIONS = 8;
/** Enough of them that each box has compiled what it runs. */
const WARM_UP = { reads: 8_000, writes: 600 };
const BLOCKS = { whole: 24, quick: 12 };

/**
 * What a read and what a write costs each box of a stage, in CPU time: by the utilisation law, all that a plan needs to know.
 * Every stage has this claim, measured in the same way, and the planner reads its result.
 * @param of.topology - The stage's own, from its `src/topology.ts`.
 */
export function demandsClaim(of: { topology: Topology; folder: string }): MeasuredClaim {
  return {
    ...{ kind: 'measured', id: 'demands', proves: [] },
    title: 'What a read and a write cost each box, which is what a plan is made from',
    ...{ seconds: 75, quickSeconds: 50 },
    measure: (context) =>
      withInstances(context, [{ name: 'demands', ...of, options: {} }], ([instance]) =>
        measure(instance as Instance, of.topology.stage, context),
      ),
  };
}

async function measure(instance: Instance, stage: string, context: MeasureContext): Promise<Measurement> {
  const names = instance.ready.boxes.map(({ name }) => name);
  // How much it costs is asked, not how much a budget lets through.
  for (const name of names) instance.setCpu(name, undefined);
  const { url } = instance;
  const { signal } = context;
  const [read, write] = [publicPaths(context), newPosts(await logInMany(url, WRITERS, signal))];
  const load = async (requests: number, nextPath: typeof write) => {
    const before = usageOf(instance, names);
    const startedAt = performance.now();
    await closedLoop({ url, connections: CONNECTIONS, requests, nextPath, signal });
    const after = usageOf(instance, names);
    const micros = Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
    return { micros, seconds: (performance.now() - startedAt) / 1_000 };
  };
  // Reads first: a write that meets a box which still compiles may exceed its deadline.
  await load(WARM_UP.reads, read);
  await load(WARM_UP.writes, write);
  const blocks: Block[] = [];
  const count = context.quick ? BLOCKS.quick : BLOCKS.whole;
  for (let i = 0; i < count; i += 1) {
    await context.progress(0.3 + (0.7 * i) / count);
    blocks.push({ reads: await load(READS, read), writes: await load(WRITES, write) });
  }
  return { ...summarize(stage, names, blocks, context), budgets: instance.ready.budgets };
}

function usageOf(instance: Instance, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, instance.usage(name).cpuMicros]));
}

function summarize(
  stage: string,
  names: readonly string[],
  blocks: readonly Block[],
  { seed, quick }: MeasureContext,
): Measurement {
  const each = (kind: keyof Block, name: string) =>
    blocks.map((block) => (block[kind].micros[name] ?? 0) / (kind === 'reads' ? READS : WRITES));
  const all = (kind: keyof Block, i: number) => names.reduce((sum, name) => sum + (each(kind, name)[i] ?? 0), 0);
  const paired = blocks.map((_, i) => ({ before: all('writes', i), after: all('reads', i) }));
  const comparison = compareBlocks(paired, { seed, leastBlocks: quick ? 8 : 20 });
  const seconds = blocks.reduce((sum, { reads, writes }) => sum + reads.seconds + writes.seconds, 0);
  return {
    ...{ metric: 'CPU of all boxes for a write against a read', unit: 'µs', comparison },
    arms: (['writes', 'reads'] as const).map((kind) => armOf(kind, stage, names, blocks)),
    values: names.flatMap((name) =>
      (['reads', 'writes'] as const).map((kind) =>
        measuredValue(`CPU of ${name} for a ${kind === 'reads' ? 'read' : 'write'}`, 'µs', each(kind, name)),
      ),
    ),
    blocks: resultBlocks(paired, seconds / blocks.length, comparison.warmupBlocks),
    blockSeconds: seconds / blocks.length,
    notes: [
      'One instance, its boxes without budgets: the CPU time of each is read before and after every phase.',
      `Each block sends ${READS} reads (posts, authors, the popular list, the feed, as the public reads) and ${WRITES} new posts of members who are logged in, over ${CONNECTIONS} connections.`,
      'What a box does by itself meanwhile, such as replaying and looking whether others are there, is in the figures.',
    ],
  };
}

function armOf(kind: keyof Block, stage: string, names: readonly string[], blocks: readonly Block[]) {
  const requests = blocks.length * (kind === 'reads' ? READS : WRITES);
  const seconds = blocks.reduce((sum, block) => sum + block[kind].seconds, 0);
  const micros = (name: string) => blocks.reduce((sum, block) => sum + (block[kind].micros[name] ?? 0), 0);
  return {
    ...{ name: kind === 'writes' ? 'before' : 'after', label: `${stage}, ${kind}`, rate: requests / seconds },
    cpuPerRequestUs: names.reduce((sum, name) => sum + micros(name), 0) / requests,
    boxes: names.map((name) => ({ name, used: micros(name) / (seconds * 1e6), throttled: 0 })),
  };
}
