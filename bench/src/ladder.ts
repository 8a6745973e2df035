import { boxCpuMicros, type Instance, launch } from '@day90/infra';
import type { MeasureContext, Measurement } from './claim.ts';
import { type Asked, closedLoop } from './closed-loop.ts';
import { allEnded } from './duet/all-ended.ts';
import { type Climbed, type Costs, ladderMeasurement } from './ladder-measurement.ts';
import { AGAIN, LADDER_CONNECTIONS, type Ladder } from './ladder-rungs.ts';
import { seededRandom } from './statistics.ts';

const WARMUP_REQUESTS = 8_000;
/** Parts of a block: in each of them every rung has its turn, or all are asked at once where there is a twin. */
const SLICES = 4;

/**
 * Measures what each layer of an app costs one request, in CPU time, which does not depend on the rate: so a closed loop may
 * bring it. Each rung is asked by itself while the others rest, unless there is a {@link Ladder.twin}.
 */
export function measureLadder(ladder: Ladder, context: MeasureContext): Promise<Measurement> {
  return climbLadder(ladder, context, (climbed) => ladderMeasurement(ladder, context, climbed));
}

/**
 * Only climbs it: for a claim that asks something else of the rungs than what share of the whole each one is.
 * @param judge - Gets what the blocks cost, with all rungs still up.
 */
export async function climbLadder<T>(
  ladder: Ladder,
  context: MeasureContext,
  judge: (climbed: Climbed) => T | Promise<T>,
): Promise<T> {
  const { scale, signal, quick } = context;
  const { warmup = WARMUP_REQUESTS } = ladder;
  const instance = await launch(ladder.topology, {
    ...{ scale, signal, ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
    folder: ladder.folder,
    instance: `bench-${process.pid}-ladder`,
  });
  try {
    await ladder.prepare?.(instance);
    const plan = quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 26, leastBlocks: 20 };
    const random = seededRandom(context.seed);
    const nextPath = ladder.paths(random);
    const boxes = [...ladder.rungs.map(({ name }) => name), ...(ladder.twin ? [ladder.twin] : [])];
    for (const box of boxes) await load(instance, box, warmup, nextPath, signal);
    const startedAt = performance.now();
    const costs: Costs[] = [];
    for (let i = 0; i < plan.blocks; i += 1) {
      costs.push(await climb(ladder, instance, nextPath, random, signal));
      await context.progress((i + 1) / plan.blocks);
    }
    const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
    const sent = boxes.length * warmup;
    return await judge({ instance, costs, warmup: sent, blockSeconds, leastBlocks: plan.leastBlocks });
  } finally {
    await instance.stop();
  }
}

/**
 * One block: the same requests on all rungs, in slices, each time in another random order. What the machine gives drifts within
 * a second by more than some layers cost: a rung that had all of its turn in one piece would bear what only its moment cost.
 */
async function climb(
  { rungs, requests, twin }: Ladder,
  instance: Instance,
  nextPath: () => Asked,
  random: () => number,
  signal: AbortSignal,
): Promise<Costs> {
  const names = [...rungs.map((rung) => rung.name), AGAIN];
  const shipped = rungs.at(-1)?.name as string;
  const slice = Math.ceil(requests / SLICES);
  const costs: Costs = Object.fromEntries(names.map((name) => [name, 0]));
  for (let i = 0; i < SLICES; i += 1) {
    const paths = Array.from({ length: slice }, nextPath);
    const ask = async (name: string) => {
      let turn = 0;
      const next = () => paths[turn++ % paths.length] as Asked;
      const cost = await load(instance, name === AGAIN ? (twin ?? shipped) : name, slice, next, signal);
      costs[name] = (costs[name] as number) + cost / SLICES;
    };
    const order = shuffled([...names], random);
    if (twin) await allEnded(order.map(ask));
    else for (const name of order) await ask(name);
  }
  return costs;
}

/** @returns CPU time of the rung's process for one answer, in microseconds. */
async function load(
  instance: Instance,
  rung: string,
  requests: number,
  nextPath: () => Asked,
  signal: AbortSignal,
): Promise<number> {
  const { pid, port } = instance.box(rung);
  const before = boxCpuMicros(pid);
  const answers = await closedLoop({
    ...{ connections: LADDER_CONNECTIONS, requests, nextPath, signal },
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
