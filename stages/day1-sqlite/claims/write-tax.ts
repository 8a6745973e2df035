import { copyFileSync } from 'node:fs';
import {
  compareBlocks,
  comparisonOf,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  mean,
  median,
  type PairedBlock,
  resultBlocks,
  seededRandom,
} from '@day90/bench';
import { SCALES } from '@day90/testing/data';
import { sqlPosts } from 'stage-1';
import { migrate } from '../src/migrations/index.ts';
import { databaseIn, type MeasuredDatabase, openMeasured, seededData } from './measured-database.ts';

const POSTS_A_BLOCK = 60;
const BATCH = 100;
const BATCHES_A_BLOCK = 5;
const BODY = 'A post of the length that most have. '.repeat(30);

/** Writes posts into two copies of the data, one of them without its indexes. */
export const writeTax: MeasuredClaim = {
  kind: 'measured',
  id: 'write-tax',
  title: 'What the indexes cost: each post that is written is written into them as well',
  proves: ['C2'],
  scale: 'medium',
  seconds: 15,
  measure,
};

/** A copy of the data and two ways to write into it. Both give the database time of one post in milliseconds. */
interface Copy {
  db: MeasuredDatabase;
  /** Committed by itself, as the app does. */
  single(): Promise<number>;
  /** The mean over a transaction of {@link BATCH}: what is left once the commit is shared. */
  batched(): Promise<number>;
}

async function measure(context: MeasureContext): Promise<Measurement> {
  const template = databaseIn(await context.template(seededData(), context.scale));
  const bare = await openCopy(template, 'without-indexes', 'tables', context);
  const indexed = await openCopy(template, 'with-indexes', 'latest', context);
  try {
    return await compare(context, bare, indexed);
  } finally {
    bare.db.connection.close();
    indexed.db.connection.close();
  }
}

async function openCopy(
  template: string,
  name: string,
  schema: 'latest' | 'tables',
  { scratch, scale, seed }: MeasureContext,
): Promise<Copy> {
  const path = `${scratch}/${name}.sqlite`;
  copyFileSync(template, path);
  await migrate(path, schema);
  const db = openMeasured(path);
  const posts = sqlPosts(db);
  const random = seededRandom(seed);
  const write = async () => {
    const author = String(1 + Math.floor(random() * SCALES[scale].users));
    await posts.create(author, { title: 'What an index costs', body: BODY });
  };
  const spentBy = async (work: () => Promise<void>) => {
    const spent = db.spentMs.writes;
    await work();
    return db.spentMs.writes - spent;
  };
  return {
    db,
    single: () => spentBy(write),
    async batched() {
      db.connection.exec('BEGIN IMMEDIATE');
      const ms = await spentBy(async () => {
        for (let i = 0; i < BATCH; i += 1) await write();
      });
      db.connection.exec('COMMIT');
      return ms / BATCH;
    },
  };
}

async function compare(context: MeasureContext, bare: Copy, indexed: Copy): Promise<Measurement> {
  const plan = context.quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 40, leastBlocks: 20 };
  const random = seededRandom(context.seed);
  const times = { before: [] as number[], after: [] as number[] };
  const single: PairedBlock[] = [];
  const batched: PairedBlock[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < plan.blocks; i += 1) {
    const block = await singleBlock(bare, indexed, random);
    times.before.push(...block.before);
    times.after.push(...block.after);
    single.push({ before: median(block.before), after: median(block.after), aa: halves(block.after) });
    batched.push(await batchedBlock(bare, indexed));
    await context.progress((i + 1) / plan.blocks);
  }
  const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
  const options = { seed: context.seed, leastBlocks: plan.leastBlocks };
  const comparison = compareBlocks(single, options);
  return {
    metric: 'INSERT of a post with its commit, database time',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'without indexes', latency: latencyOf(times.before) },
      { name: 'after', label: 'with indexes', latency: latencyOf(times.after) },
    ],
    also: [comparisonOf(`INSERT within a transaction of ${BATCH}`, 'ms', compareBlocks(batched, options))],
    blocks: resultBlocks(single, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      "Posts of random authors, by the app's own statements on two throw-away copies of the data, in one process, without HTTP.",
      'One copy has the indexes of the app (author with time, time; members by address), the other none.',
      `${plan.blocks} blocks of ${POSTS_A_BLOCK} posts on each copy by turns, each synced to disk (synchronous = FULL); the median of each block counts.`,
      `In transactions of ${BATCH}: the mean of ${BATCHES_A_BLOCK} transactions a block, without their commit: the work on table and indexes alone.`,
      'A/A: every other post of each block on the copy with indexes.',
    ],
  };
}

async function singleBlock(bare: Copy, indexed: Copy, random: () => number) {
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < POSTS_A_BLOCK; i += 1) {
    const bareFirst = random() < 0.5;
    if (bareFirst) before.push(await bare.single());
    after.push(await indexed.single());
    if (!bareFirst) before.push(await bare.single());
  }
  return { before, after };
}

async function batchedBlock(bare: Copy, indexed: Copy): Promise<PairedBlock> {
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < BATCHES_A_BLOCK; i += 1) {
    before.push(await bare.batched());
    after.push(await indexed.batched());
  }
  return { before: mean(before), after: mean(after) };
}

function halves(values: number[]): [number, number] {
  return [median(values.filter((_, i) => i % 2 === 0)), median(values.filter((_, i) => i % 2 === 1))];
}
