import { copyFileSync } from 'node:fs';
import {
  compareBlocks,
  comparisonOf,
  latencyOf,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  median,
  type PairedBlock,
  resultBlocks,
  seededRandom,
} from '@day90/bench';
import { createLogger, type Posts, type Resource } from '@day90/core';
import type { Data } from '@day90/infra';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { openSqlite, type SqlDatabase, sqlPosts, sqlViews } from 'stage-1';
import { topology } from '../src/topology.ts';
import { addViewsIndex } from './index-on-views/views-index.ts';

const VIEWS_A_FLUSH = 1_000;
const FLUSHES_A_BLOCK = 10;
const PAGES_A_BLOCK = 3;

/** Flushes the same views into two copies of the data, one of them with an index on views. */
export const viewsTax: MeasuredClaim = {
  kind: 'measured',
  id: 'views-tax',
  title: 'What an index on views costs: every flush of counted views moves the entries of all posts that were viewed',
  proves: ['C6'],
  scale: 'medium',
  seconds: 20,
  measure,
};

/** One copy of the data. Both give milliseconds. */
interface Copy {
  db: SqlDatabase & Resource;
  /** Writes views as the app does once a second, commit included. */
  flush(ids: string[]): Promise<number>;
  popular(): Promise<number>;
}

async function measure(context: MeasureContext): Promise<Measurement> {
  const template = await context.template(topology.data as Data, context.scale);
  const bare = await openCopy(`${template}/day90.sqlite`, `${context.scratch}/without-index.sqlite`);
  const indexed = await openCopy(`${template}/day90.sqlite`, `${context.scratch}/with-index.sqlite`);
  try {
    await addViewsIndex(indexed.db);
    return await compare(context, bare, indexed);
  } finally {
    await bare.db.close();
    await indexed.db.close();
  }
}

async function openCopy(template: string, path: string): Promise<Copy> {
  copyFileSync(template, path);
  const db = await openSqlite(path);
  const posts: Posts = sqlPosts(db);
  const logger = createLogger({ LOG_LEVEL: 'error', BOX: 'views-tax' });
  const timed = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  return {
    db,
    flush(ids) {
      const views = sqlViews(db, logger);
      for (const id of ids) views.add(id);
      return timed(() => views.close());
    },
    popular: () => timed(() => posts.popular()),
  };
}

async function compare(context: MeasureContext, bare: Copy, indexed: Copy): Promise<Measurement> {
  const plan = context.quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 30, leastBlocks: 20 };
  const random = seededRandom(context.seed);
  const viewed = viewsOfASecond(SCALES[context.scale].posts, random);
  const times = { before: [] as number[], after: [] as number[] };
  const flushes: PairedBlock[] = [];
  const pages: PairedBlock[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < plan.blocks; i += 1) {
    const block = await flushBlock(bare, indexed, viewed, random);
    times.before.push(...block.before);
    times.after.push(...block.after);
    flushes.push({ before: median(block.before), after: median(block.after), aa: halves(block.after) });
    pages.push(await pageBlock(bare, indexed));
    await context.progress((i + 1) / plan.blocks);
  }
  const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
  const options = { seed: context.seed, leastBlocks: plan.leastBlocks };
  const comparison = compareBlocks(flushes, options);
  return {
    metric: 'flush of the views of a second, with its commit',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: 'without the index', latency: latencyOf(times.before) },
      { name: 'after', label: 'with an index on views', latency: latencyOf(times.after) },
    ],
    also: [comparisonOf('the popular page, database time', 'ms', compareBlocks(pages, options))],
    blocks: resultBlocks(flushes, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      "The app's own views and popular page on two throw-away copies of the data, in one process, without HTTP.",
      `${VIEWS_A_FLUSH.toLocaleString('en')} views a flush, of posts by Zipf's law, added up by post and written in one UPDATE, synced to disk (synchronous = FULL).`,
      `${plan.blocks} blocks of ${FLUSHES_A_BLOCK} flushes and ${PAGES_A_BLOCK} pages on each copy by turns, the same views on both; the median of each block counts.`,
      'A/A: every other flush of each block on the copy with the index.',
    ],
  };
}

function viewsOfASecond(posts: number, random: () => number): () => string[] {
  const rank = zipfRanks(posts, random);
  return () => Array.from({ length: VIEWS_A_FLUSH }, () => String(idOfRank(rank(), posts)));
}

async function flushBlock(bare: Copy, indexed: Copy, viewed: () => string[], random: () => number) {
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < FLUSHES_A_BLOCK; i += 1) {
    const ids = viewed();
    const bareFirst = random() < 0.5;
    if (bareFirst) before.push(await bare.flush(ids));
    after.push(await indexed.flush(ids));
    if (!bareFirst) before.push(await bare.flush(ids));
  }
  return { before, after };
}

async function pageBlock(bare: Copy, indexed: Copy): Promise<PairedBlock> {
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < PAGES_A_BLOCK; i += 1) {
    before.push(await bare.popular());
    after.push(await indexed.popular());
  }
  return { before: median(before), after: median(after) };
}

function halves(values: number[]): [number, number] {
  return [median(values.filter((_, i) => i % 2 === 0)), median(values.filter((_, i) => i % 2 === 1))];
}
