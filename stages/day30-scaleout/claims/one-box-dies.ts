import {
  compareBlocks,
  type DuetRun,
  duetMeasurement,
  duetProblems,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  resultBlocks,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { CACHED_POSTS, limitApp, SATURATED_SHARE, warmUp, withStages } from './cached-stage.ts';
import { type Books, readAndWriteWhileBoxesDie } from './one-box-dies/idempotent-load.ts';
import { HELD_FOR_SECONDS, type Kill, killUnderLoad, LOAD_SECONDS } from './one-box-dies/kill-under-load.ts';

/** What the boxes left have to carry, against one. */
const LEAST = 1.9;

/** Kills a box of three, at half load to see who notices, and at full load to see what is left. */
export const oneBoxDies: MeasuredClaim = {
  kind: 'measured',
  id: 'one-box-dies',
  title:
    'A box of three is killed: no request fails that may be sent twice, and the boxes left carry their share at once',
  proves: ['C9'],
  seconds: 90,
  quickSeconds: 65,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  const sizes = [
    { name: 'one', boxes: 1 },
    { name: 'three', boxes: 3 },
  ];
  return withStages(context, sizes, async ([one, three]) => {
    const pair = [one as Instance, three as Instance] as const;
    const books = await readAndWriteWhileBoxesDie(pair[1], context);
    await context.progress(0.25);
    for (const instance of pair) {
      await warmUp(instance, context);
      limitApp(instance, SATURATED_SHARE);
    }
    const kills: Kill[] = [];
    const rounds = context.quick ? 2 : 3;
    for (let i = 0; i < rounds; i += 1) {
      kills.push(await killUnderLoad(pair, context, LEAST));
      await context.progress(0.25 + (0.75 * (i + 1)) / rounds);
    }
    return { ...summarize(context, books, kills), budgets: pair[1].ready.budgets };
  });
}

function summarize({ seed, judged, quick }: MeasureContext, books: Books, kills: Kill[]): Measurement {
  const blocks = kills.flatMap((kill) => kill.blocks);
  const goal = judged ? { goal: { op: '>=' as const, value: LEAST } } : {};
  const comparison = compareBlocks(blocks, { moreIsBetter: true, seed, leastBlocks: quick ? 8 : 20, ...goal });
  const runs = kills.map(({ run }) => run);
  const [last] = runs.slice(-1) as [DuetRun];
  const { arms, generator, accounting } = duetMeasurement(
    { ...last, blocks: runs.flatMap((run) => run.blocks) },
    'capacity',
    { seed, leastBlocks: 8 },
  );
  const noneFailed = (failed: number) => (judged ? { goal: { op: '=' as const, value: 0, met: failed === 0 } } : {});
  const count = (name: string, { sent, failed }: Books[keyof Books]) => ({
    name: `${name} while three boxes were killed one after the other: sent, and failed`,
    ...{ before: sent, after: failed, ...noneFailed(failed) },
  });
  const slowest = Math.max(...kills.map(({ recoveredSeconds }) => recoveredSeconds));
  return {
    metric: 'capacity of the boxes left against 1, from 2 s after the kill',
    unit: '/s',
    comparison,
    arms,
    counts: [count('GET', books.reads), count('POST with a key', books.writes)],
    values: [
      measuredValue(
        `from the kill to ${LEAST} times one box, the longest of ${kills.length}`,
        's',
        slowest,
        judged ? { op: '<=', value: 2 } : undefined,
      ),
    ],
    ...(accounting && { accounting }),
    ...(generator && { generator }),
    blocks: resultBlocks(blocks, 1, comparison.warmupBlocks),
    blockSeconds: 1,
    notes: [
      'Failures: an open load at less than half of what two boxes carry, of public reads and of posts written under an Idempotency-Key, while each box in turn was killed with SIGKILL and started again.',
      `Capacity: GET /posts/:id, by Zipf's law among ${CACHED_POSTS.toLocaleString('en')} posts in the cache; instances of 1 box and of 3 saturated for ${LOAD_SECONDS} s at the same time, app-3 killed within and held down; ${kills.length} times.`,
      `Blocks are the seconds from 2 to ${2 + HELD_FOR_SECONDS} after each kill, their answers counted in nginx' access logs; how soon: the end of the first half second after the kill in which 3 boxes had answered ${LEAST} times as much as 1, or the end of the blocks where there was none.`,
      'A/A: the tenths of each second on the instance that lost a box, labelled a b b a.',
      'A kill counts where each box left, and the one alone, used 95 % of its budget and the machine was 15 % idle at least.',
    ],
    voidBecause: [...new Set(runs.flatMap((run) => duetProblems(run)))],
  };
}
