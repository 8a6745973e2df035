import type { ArmBlock, DuetBlock, DuetRun } from './capacity-duet.ts';
import { type Measurement, resultBlocks } from './claim.ts';
import type { Accounting, Arm } from './result.ts';
import { ceilingProblems } from './run/load-problems.ts';
import { type BlockComparison, compareBlocks, type GoalBound, mean, type PairedBlock } from './statistics.ts';

/** What of a duet is compared, and how it is judged. */
export interface DuetJudgement {
  /** Positions of the two arms among the duet's; the first and the second unless told. */
  before?: number;
  after?: number;
  goal?: GoalBound | undefined;
  seed: number;
  leastBlocks: number;
}

/** Of all blocks, the most that may be void; with more, those left would be a choice. */
const MOST_VOID = 0.25;

/** Answers a second of two arms, and of the after arm in two halves of the time, in the blocks that count. */
export function duetBlocks({ blocks }: DuetRun, { before = 0, after = 1 }: Partial<DuetJudgement> = {}): PairedBlock[] {
  return blocks.flatMap(({ arms, problems }) => (problems.length > 0 ? [] : [paired(arms, before, after)]));
}

/** Compares the capacities of two arms of a duet: after ÷ before, block by block, the void ones left out. */
export function compareCapacity(run: DuetRun, judgement: DuetJudgement): BlockComparison {
  const { goal, seed, leastBlocks } = judgement;
  return compareBlocks(duetBlocks(run, judgement), { moreIsBetter: true, seed, leastBlocks, ...(goal && { goal }) });
}

/** A claim's measurement from a duet. The two arms that are compared are named `before` and `after` in it, the others by their label. */
export function duetMeasurement(run: DuetRun, metric: string, judgement: DuetJudgement): Measurement {
  const { before = 0, after = 1 } = judgement;
  const comparison = compareCapacity(run, judgement);
  const named = (at: number) => (at === before ? 'before' : at === after ? 'after' : (run.arms[at]?.label ?? ''));
  return {
    ...{ metric, unit: '/s', comparison },
    arms: run.arms.map((_, at) => armOf(run, at, named(at))),
    accounting: run.arms.map((_, at) => booksOf(run, at)).reduce(added),
    generator: run.generator,
    blocks: blocksOf(run, before, after, comparison.warmupBlocks),
    blockSeconds: run.blockSeconds,
    notes: notes(run),
    voidBecause: duetProblems(run),
  };
}

/** @returns What makes a whole duet worth nothing, each in a few words. */
export function duetProblems(run: DuetRun): string[] {
  const bad = run.blocks.filter((block) => block.problems.length > 0);
  const tooMany = `${bad.length} of ${run.blocks.length} blocks are void, such as one in which ${bad[0]?.problems[0]}`;
  return [...(bad.length > MOST_VOID * run.blocks.length ? [tooMany] : []), ...ceilingProblems(run.generator)];
}

function paired(arms: readonly ArmBlock[], before: number, after: number): PairedBlock {
  const [one, other] = [arms[before] as ArmBlock, arms[after] as ArmBlock];
  return { before: one.perSecond, after: other.perSecond, aa: other.labels };
}

/** All blocks, the void ones marked; those of the warm-up are the first ones that count. */
function blocksOf(run: DuetRun, before: number, after: number, warmupBlocks: number): Measurement['blocks'] {
  let warmup = warmupBlocks;
  return run.blocks.flatMap(({ arms, problems }: DuetBlock, i) => {
    const [why] = problems;
    const dropped = why !== undefined || warmup-- > 0;
    const [block] = resultBlocks([paired(arms, before, after)], run.blockSeconds, 0);
    return block ? [{ ...block, t: i * run.blockSeconds, dropped, ...(why && { why }) }] : [];
  });
}

function armOf(run: DuetRun, at: number, name: string): Arm {
  const { label, boxes } = run.arms[at] as DuetRun['arms'][number];
  const blocks = run.blocks.map(({ arms }) => arms[at] as ArmBlock);
  const cpuMicros = blocks.flatMap((block) => block.boxes.map((box) => box.cpuMicros)).reduce((sum, n) => sum + n, 0);
  const answers = blocks.reduce((sum, block) => sum + block.answered, 0);
  const over = (i: number, of: 'used' | 'throttled') => mean(blocks.map((block) => block.boxes[i]?.[of] ?? 0));
  return {
    ...{ name, label, rate: mean(blocks.map((block) => block.perSecond)) },
    ...(answers > 0 && boxes.length > 0 && { cpuPerRequestUs: cpuMicros / answers }),
    boxes: boxes.map(({ name: box, cpuShare }, i) => ({
      ...{ name: box, used: over(i, 'used'), throttled: over(i, 'throttled') },
      ...(cpuShare !== undefined && { cpuShare }),
    })),
    accounting: booksOf(run, at),
  };
}

/** Requests of an arm in all blocks. Those under way at the end of a block are in none of the numbers. */
function booksOf({ blocks }: DuetRun, at: number): Accounting {
  const books = { offered: 0, answered: 0, refused: 0, timedOut: 0, dropped: 0 };
  for (const { arms } of blocks) {
    const { answered, refused, timedOut, broken } = arms[at] as ArmBlock;
    books.offered += answered + refused + timedOut + broken;
    books.answered += answered;
    books.refused += refused;
    books.timedOut += timedOut;
    books.dropped += broken;
  }
  return books;
}

function added(a: Accounting, b: Accounting): Accounting {
  return {
    ...{ offered: a.offered + b.offered, answered: a.answered + b.answered, refused: a.refused + b.refused },
    ...{ timedOut: a.timedOut + b.timedOut, dropped: a.dropped + b.dropped },
  };
}

function notes(run: DuetRun): string[] {
  const { blocks, arms, alternate, blockSeconds, warmupSeconds, settleSeconds } = run;
  const idle = Math.min(...blocks.flatMap((block) => block.arms.map((arm) => arm.hostIdle)));
  const all = blocks.flatMap((block) => block.arms);
  const sum = (of: (arm: ArmBlock) => number) => all.reduce((total, arm) => total + of(arm), 0);
  const bad = blocks.filter((block) => block.problems.length > 0);
  return [
    alternate
      ? 'The arms were up together and loaded by turns (ABBA): their budgets together are more than this machine has to give.'
      : 'All arms were up and saturated at the same time, by wrk: each connection sends its next request when it has its answer.',
    `Warm-up ${warmupSeconds} s, ${settleSeconds > 0 ? `${settleSeconds} s more within the budgets, ` : ''}then ${blocks.length} blocks of ${blockSeconds} s; the answers a second of each block count.`,
    `Connections: ${arms.map((arm) => `${arm.label} ${arm.connections}`).join(', ')}.`,
    'A block counts where each limited box used 95 % of its budget, the machine was 15 % idle at least, and nothing was refused.',
    `Least idle share of the machine: ${Math.round(idle * 100)} %. wrk itself took ${(sum((arm) => arm.generatorMicros) / sum((arm) => arm.answered)).toFixed(1)} µs of CPU for a request.`,
    'A/A: the after arm in two halves of each block, cut into slices of 0.1 s that are labelled a b b a by turns.',
    ...bad.slice(0, 1).map(({ problems }) => `Void blocks: ${bad.length}, such as one in which ${problems[0]}.`),
  ];
}
