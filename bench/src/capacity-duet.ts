import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasureContext } from './claim.ts';
import { allEnded } from './duet/all-ended.ts';
import { blockProblems } from './duet/block-problems.ts';
import { type ArmBlock, type DuetArm, type DuetRequest, loadArm } from './duet/load-arm.ts';
import { requireWrk, type Wrk } from './duet/wrk.ts';
import { wrkCeiling } from './duet/wrk-ceiling.ts';
import { seededRandom } from './statistics/seeded-random.ts';

export type { ArmBlock, BoxUsage, DuetArm, DuetBox, DuetRequest } from './duet/load-arm.ts';

/** How arms are brought to their limit. */
export interface DuetOptions {
  /** Two or more. */
  arms: readonly DuetArm[];
  blocks: number;
  /** Whole seconds. */
  blockSeconds: number;
  /** Whole seconds of the same load beforehand. */
  warmupSeconds: number;
  /** Whole seconds of it within the budgets, before the first block: for boxes that take other shapes there, as pools that grow. */
  settleSeconds?: number;
  /** Done before each block, while nothing is loaded. */
  beforeBlock?: () => Promise<void>;
  /**
   * One arm at a time, the first one first in even blocks and last in odd ones (ABBA): where all budgets together would be
   * more than the machine has. The result has to say so.
   */
  alternate?: boolean;
  context: Pick<MeasureContext, 'guardian' | 'scratch' | 'seed' | 'signal'>;
  /** Told how far it is, 0 to 1; see {@link MeasureContext}. */
  progress?: (done: number) => Promise<void>;
}

/** One block of all arms. */
export interface DuetBlock {
  /** In the order of the arms. */
  arms: ArmBlock[];
  /** What makes the block void, each in a few words; empty where it counts. */
  problems: string[];
}

export interface DuetRun extends Pick<DuetOptions, 'arms' | 'blockSeconds' | 'warmupSeconds'> {
  settleSeconds: number;
  alternate: boolean;
  blocks: DuetBlock[];
  /** Its rate is that of all arms which are loaded at once. */
  generator: { name: 'wrk'; version: string; rate: number; ceiling: number };
}

/** How long a duet takes, quick or whole: a minute and a half minute. */
export function duetPlan(quick: boolean) {
  return quick
    ? { blocks: 16, leastBlocks: 8, blockSeconds: 2, warmupSeconds: 6 }
    : { blocks: 26, leastBlocks: 20, blockSeconds: 2, warmupSeconds: 10 };
}

const LEAST_CONNECTIONS = 32;
/** Until what the block before left in the queues is done with. */
const REST_MS = 100;

/**
 * Capacity as a duet (MEASURING rule 4): all arms are saturated at once by wrk, block by block. What a block or the run
 * is worth is judged here, and nothing thrown for it; {@link duetMeasurement} makes a claim's result of the run.
 * @throws {BadInput} Without wrk. @throws {RangeError} For an arm with too few connections to saturate its boxes.
 */
export async function capacityDuet(options: DuetOptions): Promise<DuetRun> {
  const { arms, blocks, blockSeconds, warmupSeconds, settleSeconds = 0, alternate = false, progress } = options;
  for (const arm of arms) checkConnections(arm);
  const wrk = requireWrk();
  const load = loader(options, wrk);
  const ceiling = await wrkCeiling({ wrk, arm: arms[0] as DuetArm, ...options.context });
  await progress?.(0);
  const boxes = arms.flatMap((arm) => arm.boxes);
  // In a budget, compiling would take many times as long as the warm-up has.
  for (const box of boxes) box.limit?.(undefined);
  if (warmupSeconds > 0) await load(warmupSeconds, 0);
  for (const box of boxes) box.limit?.(box.cpuShare);
  if (settleSeconds > 0) await load(settleSeconds, 0);
  const done: DuetBlock[] = [];
  for (let i = 0; i < blocks; i += 1) {
    await sleep(REST_MS);
    await options.beforeBlock?.();
    const given = await load(blockSeconds, i);
    const problems = arms.flatMap((arm, at) => blockProblems(arm, given[at] as ArmBlock));
    // The machine's idle time is the same for all arms.
    done.push({ arms: given, problems: [...new Set(problems)] });
    await progress?.((warmupSeconds + (i + 1) * blockSeconds) / (warmupSeconds + blocks * blockSeconds));
  }
  const rates = arms.map((_, at) => done.reduce((sum, block) => sum + (block.arms[at]?.perSecond ?? 0), 0) / blocks);
  const rate = alternate ? Math.max(...rates) : rates.reduce((sum, one) => sum + one, 0);
  const generator = { name: 'wrk' as const, version: wrk.version, rate, ceiling };
  return { arms, blockSeconds, warmupSeconds, settleSeconds, alternate, blocks: done, generator };
}

function checkConnections({ label, connections, urls, boxes }: DuetArm): void {
  const least =
    LEAST_CONNECTIONS * Math.max(1, boxes.filter((box) => box.cpuShare !== undefined && !box.mayRest).length);
  if (connections < least) throw new RangeError(`${label}: ${connections} connections, ${least} are the least`);
  if (connections % urls.length !== 0)
    throw new RangeError(`${label}: ${connections} connections are no equal parts for ${urls.length} doors`);
}

/** Loads all arms for some seconds, at once or by turns, and gives what each of them did. */
function loader({ arms, alternate, context }: DuetOptions, wrk: Wrk) {
  const files = arms.map((arm, at) => requestsFile(arm, `${context.scratch}/duet-${at}.txt`));
  const random = seededRandom(context.seed);
  return async (seconds: number, round: number): Promise<ArmBlock[]> => {
    // The same place for all arms: they are asked for the same things.
    const first = Math.floor(random() * 1e6);
    const load = (arm: DuetArm, at: number) => {
      const file = files[at];
      return loadArm({ ...context, arm, wrk, seconds, ...(file && { requests: { file, first } }) });
    };
    if (!alternate) return allEnded(arms.map(load));
    const order = [...arms.keys()];
    const given: ArmBlock[] = [];
    for (const at of round % 2 === 0 ? order : order.reverse()) given[at] = await load(arms[at] as DuetArm, at);
    return given;
  };
}

function requestsFile({ requests }: DuetArm, file: string): string | undefined {
  if (!requests) return undefined;
  writeFileSync(file, `${requests.map(lineOf).join('\n')}\n`);
  return file;
}

/** A request as load.lua reads it. */
function lineOf(request: string | DuetRequest): string {
  if (typeof request === 'string') return request;
  const { method, path, headers, body } = request;
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const fields = Object.entries({ ...json, ...headers }).map(([name, value]) => `\t${name}: ${value}`);
  return [
    method ? `${method} ${path}` : path,
    ...fields,
    ...(body === undefined ? [] : [`\t\t${JSON.stringify(body)}`]),
  ].join('');
}
