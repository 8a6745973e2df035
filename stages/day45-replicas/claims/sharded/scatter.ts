import {
  compareBlocks,
  comparisonOf,
  duetBoxes,
  type MeasureContext,
  type MeasuredClaim,
  type Measurement,
  type PairedBlock,
  resultBlocks,
} from '@day90/bench';
import { createLogger, runInBackground } from '@day90/core';
import { ShardSet, shardedIds, shardedPosts } from 'stage-4/sharded';
import { type ShardsAlone, withOneAndThree } from './shards-alone.ts';

const PAGES_A_BLOCK = 300;
const WARM_UP = 500;

/** What the feed costs when every shard has to be asked for its part. */
export const scatterClaim: MeasuredClaim = {
  kind: 'measured',
  id: 'scatter',
  title: 'A page that goes over all shards costs each of them what it cost the one, and is as late as the last of them',
  proves: ['C16'],
  seconds: 45,
  quickSeconds: 25,
  measure,
};

interface Timed {
  p50: PairedBlock;
  p99: PairedBlock;
  cpu: PairedBlock;
}

function measure(context: MeasureContext): Promise<Measurement> {
  return withOneAndThree(context, undefined, async (one, three) => {
    const arms = [one, three].map((arm) => new Feed(arm));
    try {
      for (const arm of arms) for (let i = 0; i < WARM_UP; i += 1) await arm.page();
      const wanted = context.quick ? 12 : 26;
      const blocks: Timed[] = [];
      for (let i = 0; i < wanted; i += 1) {
        blocks.push(await oneBlock(arms));
        await context.progress((i + 1) / wanted);
      }
      return summarize(context, blocks);
    } finally {
      await Promise.all(arms.map((arm) => arm.close()));
    }
  });
}

/** The feed of some shards, asked for in this process as an app box does. */
class Feed {
  readonly #set: ShardSet;
  readonly #posts;
  readonly #boxes;

  constructor({ instance, urls }: ShardsAlone) {
    this.#set = new ShardSet(urls, { pool: 4, logger: createLogger({ LOG_LEVEL: 'silent', BOX: 'bench' }) });
    this.#posts = shardedPosts(this.#set, shardedIds(15));
    this.#boxes = duetBoxes(instance, ['shard']);
  }

  /** @returns How long it took, in milliseconds. */
  async page(): Promise<number> {
    const startedAt = performance.now();
    const { value } = await runInBackground(this.#set.transactor, () => this.#posts.recent({ limit: 20 }));
    if (value.partial || value.items.length !== 20) throw new Error('a page was not whole');
    return performance.now() - startedAt;
  }

  /** CPU time of all shards so far, in microseconds. */
  cpu(): number {
    return this.#boxes.reduce((sum, box) => sum + box.usage().cpuMicros, 0);
  }

  close(): Promise<void> {
    return this.#set.close();
  }
}

/** The arms are asked by turns, so that whatever else the machine does meets both. */
async function oneBlock(arms: readonly Feed[]): Promise<Timed> {
  const times: number[][] = arms.map(() => []);
  const before = arms.map((arm) => arm.cpu());
  for (let i = 0; i < PAGES_A_BLOCK; i += 1) for (const [at, arm] of arms.entries()) times[at]?.push(await arm.page());
  const cpu = arms.map((arm, at) => (arm.cpu() - (before[at] as number)) / PAGES_A_BLOCK);
  const sorted = times.map((some) => some.sort((a, b) => a - b));
  const at = (share: number): PairedBlock => {
    const [one = 0, three = 0] = sorted.map((some) => some[Math.floor(share * some.length)] ?? 0);
    return { before: one, after: three };
  };
  return { p50: at(0.5), p99: at(0.99), cpu: { before: cpu[0] as number, after: cpu[1] as number } };
}

function summarize({ seed, quick }: MeasureContext, blocks: Timed[]): Measurement {
  const options = { seed, leastBlocks: quick ? 8 : 20 };
  const of = (what: keyof Timed) =>
    compareBlocks(
      blocks.map((block) => block[what]),
      options,
    );
  const comparison = of('p99');
  const pages = 2 * PAGES_A_BLOCK * blocks.length;
  return {
    metric: 'feed of 20 posts, p99 of each block',
    unit: 'ms',
    comparison,
    arms: [
      { name: 'before', label: '1 shard' },
      { name: 'after', label: '3 shards' },
    ],
    also: [
      comparisonOf('feed of 20 posts, p50 of each block', 'ms', of('p50')),
      comparisonOf('CPU of all databases for a page', 'µs', of('cpu')),
    ],
    accounting: { offered: pages, answered: pages, refused: 0, timedOut: 0, dropped: 0 },
    blocks: resultBlocks(
      blocks.map(({ p99 }) => p99),
      1,
      comparison.warmupBlocks,
    ),
    blockSeconds: 1,
    notes: [
      'One shard that holds everything and three that divide it, on the same data and without budgets; one page after the other from each by turns, in one process that merges what they give.',
      `A block is ${PAGES_A_BLOCK} pages of each. Every shard gives 21 posts with their authors, of which 20 in all are shown.`,
    ],
  };
}
