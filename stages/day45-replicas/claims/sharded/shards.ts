import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareBlocks,
  comparisonOf,
  duetBoxes,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  measuredValue,
  resultBlocks,
  seededRandom,
} from '@day90/bench';
import { zipfRanks } from '@day90/testing/data';
import { firstMap } from '../../src/sharded/bucket-map.ts';
import { bucketOf } from '../../src/sharded/buckets.ts';
import { shardedIds } from '../../src/sharded/ids.ts';
import { seededMembers } from '../../src/sharded/seeded-data.ts';
import { type LoadedArm, oneBlock, type WriteBlock } from './shards/blocks.ts';
import { type NextAuthor, WRITERS_A_SHARD, write } from './shards/writers.ts';
import { type ShardsAlone, withOneAndThree } from './shards-alone.ts';

/** Of each shard, in cores. Four with 0.1 commit more than half of what a disk of a shared machine can sync, and share that. */
const CPU = 0.07;
const GOAL = 2.7;
const BLOCK_SECONDS = 2;
const MOST_VOID = 0.25;
/** Of what the disk can sync: above, the arms share it, and not their budgets, is what limits them. */
const MOST_COMMITS = 0.5;
const SYNC_MS = 1000;

/** What three shards write, against one, both at their limit at the same time. */
export const shardsClaim: MeasuredClaim = {
  kind: 'measured',
  id: 'shards',
  title: 'Three shards commit together what one does, times three, as long as members are spread evenly',
  proves: ['C15'],
  seconds: 110,
  quickSeconds: 60,
  measure,
};

function measure(context: MeasureContext): Promise<Measurement> {
  return withOneAndThree(context, CPU, async (one, three) => {
    const syncs = syncsASecond(context.scratch);
    const members = seededMembers(context.scale).slice(1);
    const blocks = context.quick ? 11 : 26;
    const even = await duet(
      context,
      [one, three],
      { blocks, authors: evenly(members, context.seed), bound: true },
      0.7,
    );
    const skewed = await duet(
      context,
      [one, three],
      { blocks: 11, authors: byZipf(members, context.seed), bound: false },
      1,
    );
    return { ...summarize(context, { even, skewed, syncs }), budgets: three.instance.ready.budgets };
  });
}

interface Load {
  blocks: number;
  authors: (shards: number) => NextAuthor;
  bound: boolean;
}

async function duet(
  context: MeasureContext,
  arms: readonly ShardsAlone[],
  load: Load,
  upTo: number,
): Promise<WriteBlock[]> {
  const ids = [14, 15].map((worker) => shardedIds(worker));
  const loaded = arms.map(({ instance, urls }, i): LoadedArm => {
    const writing = write(urls, {
      map: firstMap(urls.length),
      ids: ids[i] as (typeof ids)[number],
      next: load.authors(urls.length),
      bound: load.bound,
    });
    return { label: `${urls.length} shards`, boxes: duetBoxes(instance, ['shard']), writing };
  });
  const blocks: WriteBlock[] = [];
  let ends: Promise<void>[] = [];
  try {
    for (let i = 0; i < load.blocks; i += 1) {
      blocks.push(await oneBlock(loaded, BLOCK_SECONDS));
      await context.progress((upTo * (i + 1)) / load.blocks);
    }
  } finally {
    ends = loaded.map(({ writing }) => writing.stop());
    await Promise.allSettled(ends); // all of them, before the shards are ended
  }
  await Promise.all(ends);
  return blocks;
}

/** Each writer's authors are the members of its shard, all alike. */
function evenly(members: readonly string[], seed: number): Load['authors'] {
  return (shards) => {
    const random = seededRandom(seed);
    const { shardOf } = firstMap(shards);
    const own = Map.groupBy(members, (id) => shardOf[bucketOf(id)] as number);
    return (shard) => {
      const there = own.get(shard) ?? [];
      return there[Math.floor(random() * there.length)] as string;
    };
  };
}

/** Authors as the seeded data has them: the first writes most, wherever a writer is. */
function byZipf(members: readonly string[], seed: number): Load['authors'] {
  return () => {
    const rank = zipfRanks(members.length, seededRandom(seed));
    return () => members[rank() - 1] as string;
  };
}

interface Seen {
  even: WriteBlock[];
  skewed: WriteBlock[];
  syncs: number;
}

function summarize({ seed, judged, quick }: MeasureContext, { even, skewed, syncs }: Seen): Measurement {
  const sound = even.filter(({ problems }) => problems.length === 0);
  const options = { moreIsBetter: true, seed, leastBlocks: quick ? 8 : 20 };
  const goal = judged ? { goal: { op: '>=' as const, value: GOAL } } : {};
  const comparison = compareBlocks(sound, { ...options, ...goal });
  const zipf = compareBlocks(skewed, { ...options, leastBlocks: 8 });
  const commits = Math.max(...even.map(({ before, after }) => before + after));
  const bad = even.length - sound.length;
  const [why] = even.flatMap(({ problems }) => problems);
  return {
    metric: 'posts committed a second by 3 shards against 1',
    unit: '/s',
    comparison,
    arms: [
      { name: 'before', label: '1 shard', rate: comparison.before },
      { name: 'after', label: '3 shards', rate: comparison.after },
    ],
    also: [comparisonOf('the same with authors by Zipf’s law', '/s', zipf)],
    values: [measuredValue('what this disk can sync, one write after the other', '/s', syncs)],
    blocks: resultBlocks(sound, BLOCK_SECONDS, comparison.warmupBlocks),
    blockSeconds: BLOCK_SECONDS,
    notes: [
      `Each shard has ${CPU} of a core; one that holds everything and three that divide it were up and written to at the same time, by ${WRITERS_A_SHARD} connections a shard, each with its next post when the last one was committed.`,
      'Evenly: a writer keeps to the members of its shard. By Zipf’s law: a writer follows its authors to their shards, and waits where many do.',
      'A block counts where each shard used 95 % of its budget and the machine was 15 % idle at least; by Zipf’s law, where a hot shard is the point, every block does.',
      `Commits of both arms together: ${Math.round(commits)}/s at most, of ${Math.round(syncs)} syncs of this disk.`,
      'A/A: the three shards in two halves of each block, cut into slices of 0.1 s that are labelled a b b a by turns.',
    ],
    voidBecause: [
      ...(bad > MOST_VOID * even.length
        ? [`${bad} of ${even.length} blocks are void, such as one in which ${why}`]
        : []),
      ...(commits > MOST_COMMITS * syncs ? ['the disk is what limits the arms, and they share it'] : []),
    ],
  };
}

/** One page after the other, each synced, as a log is that one writes to. */
function syncsASecond(folder: string): number {
  const file = openSync(join(folder, 'syncs'), 'w');
  const page = Buffer.alloc(8192, 1);
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < SYNC_MS) {
    writeSync(file, page);
    fdatasyncSync(file);
    count += 1;
  }
  closeSync(file);
  return (count / (performance.now() - startedAt)) * 1000;
}
