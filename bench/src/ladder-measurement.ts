import { boxRssBytes, type Instance } from '@day90/infra';
import { comparisonOf, type MeasureContext, type Measurement, resultBlocks } from './claim.ts';
import { AGAIN, LADDER_CONNECTIONS, type Ladder, type Rung } from './ladder-rungs.ts';
import type { Arm } from './result.ts';
import { type BlockComparison, compareBlocks, mean, type PairedBlock } from './statistics.ts';

/** CPU time for one answer in microseconds, by rung, of one block. */
export type Costs = Record<string, number>;

/** What the blocks of a ladder have given. */
export interface Climbed {
  instance: Instance;
  costs: Costs[];
  /** Requests before the first block. */
  warmup: number;
  blockSeconds: number;
  leastBlocks: number;
}

/** A claim's measurement from the costs of all rungs: each one's share of the floor, the whole app's first. */
export function ladderMeasurement(
  ladder: Ladder,
  { seed, judged }: Pick<MeasureContext, 'seed' | 'judged'>,
  { instance, costs, warmup, blockSeconds, leastBlocks }: Climbed,
): Measurement {
  const { rungs, requests } = ladder;
  const [bare, ...more] = rungs as [Rung, ...Rung[]];
  const shipped = more.pop() as Rung;
  const compare = ({ name, goal }: Rung): BlockComparison =>
    compareBlocks(pairs(costs, name, rungs), { seed, leastBlocks, ...(judged && goal && { goal }) });
  const whole = compare(shipped);
  return {
    metric: 'CPU for a request, bare against the app as shipped',
    unit: 'µs',
    comparison: whole,
    arms: rungs.map((rung) => armOf(instance, rung, rung === bare ? rung.adds : `+ ${rung.adds}`, costs)),
    also: more.map((rung) => comparisonOf(`bare against + ${rung.adds}`, 'µs', compare(rung))),
    accounting: books(warmup + costs.length * (rungs.length + 1) * requests),
    blocks: resultBlocks(pairs(costs, shipped.name, rungs), blockSeconds, whole.warmupBlocks),
    blockSeconds,
    notes: [
      ...ladder.notes,
      'The ratio is the share of the bare floor: 0.5 means twice the CPU time.',
      'Each rung is a process of its own with one layer more than the one before; all are up at once on the same data.',
      `${costs.length} blocks of ${requests} requests on each rung, in four parts by turns in random order, by autocannon over ${LADDER_CONNECTIONS} keep-alive connections.`,
      "CPU time is the process's own, all threads, for one answer.",
      'A/A: the whole app measured twice in each block.',
    ],
  };
}

function pairs(costs: Costs[], rung: string, rungs: readonly Rung[]): PairedBlock[] {
  const [floor, whole] = [rungs[0]?.name as string, rungs.at(-1)?.name as string];
  return costs.map((block) => {
    const aa = [block[whole] as number, block[AGAIN] as number] as const;
    const after = rung === whole ? mean([...aa]) : (block[rung] as number);
    return { before: block[floor] as number, after, aa };
  });
}

function armOf(instance: Instance, { name }: Rung, label: string, costs: Costs[]): Arm {
  return {
    ...{ name, label },
    cpuPerRequestUs: mean(costs.map((block) => block[name] as number)),
    rssBytes: boxRssBytes(instance.box(name).pid),
  };
}

/** Every request was answered, or the run would have ended with an error. */
function books(sent: number): NonNullable<Measurement['accounting']> {
  return { offered: sent, answered: sent, refused: 0, timedOut: 0, dropped: 0 };
}
