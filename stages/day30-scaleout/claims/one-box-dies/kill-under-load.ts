import { setTimeout as sleep } from 'node:timers/promises';
import { capacityDuet, type DuetArm, type DuetBox, type DuetRun, duetBoxes, type MeasureContext } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { cachedPaths } from '../cached-stage.ts';
import { ask } from '../visitor.ts';
import { answersOf, rateBetween } from './access-log.ts';

/** Of the load in which a box is killed. */
export const LOAD_SECONDS = 12;
/** Blocks that count, each of a second. */
export const HELD_FOR_SECONDS = 8;
/** From the end of the warm-up: for a second three boxes are at their limit. */
const KILL_AFTER_MS = 1_200;
/** By then the boxes left have to carry their share. */
const GRACE_MS = 2_000;
/** Of the moving window in which that is looked for. */
const WINDOW_MS = 500;
const STEP_MS = 50;
const CONNECTIONS_A_BOX = 32;
const VICTIM = 'app-3';

/** One kill. */
export interface Kill {
  run: DuetRun;
  /** Answers a second of one box and of what was left of three, second by second, with two labels on the latter. */
  blocks: { before: number; after: number; aa: [number, number] }[];
  /** From the kill to the end of the first window with enough answers, or of the load where there was none. */
  recoveredSeconds: number;
}

/** Saturates one box and three, kills one of the three, and starts it again afterwards. */
export async function killUnderLoad(
  [one, three]: readonly [Instance, Instance],
  context: MeasureContext,
  least: number,
): Promise<Kill> {
  let killing: Promise<number> | undefined;
  const kill = async () => {
    await sleep(KILL_AFTER_MS, undefined, { signal: context.signal });
    three.hold(VICTIM);
    const at = Date.now();
    await three.kill(VICTIM);
    return at;
  };
  const begun = (share: number | undefined) => {
    three.setCpu(VICTIM, share);
    if (share === undefined) return;
    killing = kill();
    killing.catch(() => undefined); // heard below
  };
  const run = await capacityDuet({
    ...{ blocks: 1, blockSeconds: LOAD_SECONDS, warmupSeconds: 2, context },
    arms: arms(one, three, context, begun),
  });
  const at = await killing;
  if (at === undefined) throw new Error(`${VICTIM} was not killed`);
  await revive(three, context.signal);
  return { run, ...(await looked(one, three, at, least)) };
}

/** Two boxes of the three have to be at their limit to the end. What is left of the third counts for nothing. */
function arms(
  one: Instance,
  three: Instance,
  context: MeasureContext,
  onLimit: (share: number | undefined) => void,
): DuetArm[] {
  const requests = cachedPaths(context, 20_000);
  const left = three.boxesOf('app').filter((box) => box !== VICTIM);
  const boxes: DuetBox[] = duetBoxes(three, [...left, 'nginx', 'cache', 'postgres']);
  const [first, ...others] = boxes as [DuetBox, ...DuetBox[]];
  const limit = (share: number | undefined) => {
    first.limit?.(share);
    onLimit(share);
  };
  return [
    {
      ...{ label: '1 box', urls: [one.url], connections: CONNECTIONS_A_BOX, requests },
      boxes: duetBoxes(one, ['app', 'nginx', 'cache', 'postgres']),
    },
    {
      ...{ label: '3 boxes, 1 killed', urls: [three.url], connections: 3 * CONNECTIONS_A_BOX, requests },
      boxes: [{ ...first, limit }, ...others],
    },
  ];
}

async function revive(three: Instance, signal: AbortSignal): Promise<void> {
  three.release(VICTIM);
  const isUp = () => three.ready.boxes.some(({ name, port }) => name === VICTIM && port !== undefined);
  const answers = async () => {
    const { port } = three.box(VICTIM);
    return (await ask(`http://127.0.0.1:${port}`, { path: '/readyz' })).status === 200;
  };
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (isUp() && (await answers().catch(() => false))) return;
    await sleep(100, undefined, { signal });
  }
  throw new Error(`${VICTIM} did not come back`);
}

async function looked(
  one: Instance,
  three: Instance,
  at: number,
  least: number,
): Promise<Pick<Kill, 'blocks' | 'recoveredSeconds'>> {
  const [alone, several] = await Promise.all([answersOf(one), answersOf(three)]);
  const until = at + GRACE_MS + HELD_FOR_SECONDS * 1_000;
  const aloneRate = rateBetween(alone, at - 1_000, until);
  let from = at;
  while (from < until && rateBetween(several, from, from + WINDOW_MS) < least * aloneRate) from += STEP_MS;
  const blocks = Array.from({ length: HELD_FOR_SECONDS }, (_, i) => {
    const [start, end] = [at + GRACE_MS + i * 1_000, at + GRACE_MS + (i + 1) * 1_000];
    return {
      before: rateBetween(alone, start, end),
      after: rateBetween(several, start, end),
      aa: labels(several, start),
    };
  });
  return { blocks, recoveredSeconds: (Math.min(from + WINDOW_MS, until) - at) / 1_000 };
}

/** A second in ten slices, labelled a b b a a b b a a b: both labels have five. */
function labels(answers: Float64Array, start: number): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let i = 0; i < 10; i += 1) {
    const from = start + i * 100;
    sums[i % 4 === 0 || i % 4 === 3 ? 0 : 1] += rateBetween(answers, from, from + 100) / 5;
  }
  return sums;
}
