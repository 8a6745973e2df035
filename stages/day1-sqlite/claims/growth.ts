import { createReadStream, linkSync } from 'node:fs';
import {
  type Arm,
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
import type { Scale } from '@day90/infra';
import { openTable, PAGE, type Table } from './growth/table.ts';
import { databaseIn, seededData } from './measured-database.ts';

const PAGES_A_BLOCK = 200;
const WARMUP_PAGES = 2_000;
const SCAN_BLOCKS = 12;

/** Opens pages of one author, by the index and by scanning, on tables of different lengths. */
export const growth: MeasuredClaim = {
  kind: 'measured',
  id: 'growth',
  title:
    "By the index an author's page takes as long on the largest table as on the smallest; a scan grows with the table",
  proves: ['C2'],
  scale: 'full',
  seconds: 30,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const tables = new Map<Scale, Table>();
  try {
    for (const scale of new Set<Scale>(['small', 'medium', context.scale])) {
      const path = `${context.scratch}/${scale}.sqlite`;
      // A second name for the file instead of a copy: SQLite puts its own small files beside it, away from the template.
      linkSync(databaseIn(await context.template(seededData(), scale)), path);
      await readThrough(path);
      tables.set(scale, openTable(path, scale, context.seed));
    }
    return await compare(context, tables.get('small') as Table, tables.get(context.scale) as Table, [
      ...tables.values(),
    ]);
  } finally {
    for (const table of tables.values()) table.close();
  }
}

/** Brings a file into the system's page cache: the table's length is to be measured, not a disk's first read. */
async function readThrough(path: string): Promise<void> {
  for await (const _ of createReadStream(path, { highWaterMark: 1 << 20 }));
}

/** Times by arm, in milliseconds. */
type Times = Map<string, number[]>;

async function compare(context: MeasureContext, small: Table, large: Table, tables: Table[]): Promise<Measurement> {
  const times: Times = new Map();
  const plan = context.quick ? { blocks: 14, leastBlocks: 8 } : { blocks: 44, leastBlocks: 20 };
  await warmUp(tables);
  const startedAt = performance.now();
  const blocks = await indexBlocks(context, small, large, plan.blocks, times);
  const blockSeconds = (performance.now() - startedAt) / 1000 / plan.blocks;
  const scans = await scanBlocks(context, small, large, tables, times);
  const goal = context.judged ? { goal: { op: '<=' as const, value: 1.5 } } : {};
  const comparison = compareBlocks(blocks, { seed: context.seed, leastBlocks: plan.leastBlocks, ...goal });
  const scanComparison = compareBlocks(scans, { seed: context.seed, leastBlocks: 8 });
  const against = `${posts(large)} against ${posts(small)}`;
  return {
    metric: `a page by index, ${against}, database time`,
    unit: 'ms',
    comparison,
    arms: arms(small, large, times),
    also: [comparisonOf(`a page by scan, ${against}`, 'ms', scanComparison)],
    blocks: resultBlocks(blocks, blockSeconds, comparison.warmupBlocks),
    blockSeconds,
    notes: [
      `The newest ${PAGE} posts of one author, by the app's own prepared statement, in one process, without HTTP.`,
      `${plan.blocks} blocks of ${PAGES_A_BLOCK} pages on each table, the tables by turns; the median of each block counts.`,
      `Authors with more than ${PAGE} posts, drawn by Zipf's law with a fixed seed; the files are in the system's page cache.`,
      `By scan: the same statement, kept from using an index, ${SCAN_BLOCKS} pages on each table.`,
      'A/A: two random halves of each block on the small table.',
    ],
  };
}

/** Until the driver is compiled and the pages that are asked for most are in SQLite's own cache. */
async function warmUp(tables: Table[]): Promise<void> {
  for (const table of tables) {
    for (let i = 0; i < WARMUP_PAGES; i += 1) await table.byIndex();
    await table.byScan();
  }
}

async function indexBlocks(
  context: MeasureContext,
  small: Table,
  large: Table,
  count: number,
  times: Times,
): Promise<PairedBlock[]> {
  const random = seededRandom(context.seed);
  const blocks: PairedBlock[] = [];
  for (let i = 0; i < count; i += 1) {
    const before: number[] = [];
    const after: number[] = [];
    const halves: [number[], number[]] = [[], []];
    for (let page = 0; page < PAGES_A_BLOCK; page += 1) {
      before.push(await large.byIndex());
      const ms = await small.byIndex();
      after.push(ms);
      halves[random() < 0.5 ? 0 : 1].push(ms);
    }
    keep(times, 'before', before);
    keep(times, 'after', after);
    blocks.push({ before: median(before), after: median(after), aa: [median(halves[0]), median(halves[1])] });
    await context.progress((0.2 * (i + 1)) / count);
  }
  return blocks;
}

async function scanBlocks(
  context: MeasureContext,
  small: Table,
  large: Table,
  tables: Table[],
  times: Times,
): Promise<PairedBlock[]> {
  const blocks: PairedBlock[] = [];
  for (let i = 0; i < SCAN_BLOCKS; i += 1) {
    const took = new Map<Table, number>();
    for (const table of tables) {
      const ms = await table.byScan();
      took.set(table, ms);
      keep(times, `scan of ${posts(table)}`, [ms]);
    }
    blocks.push({ before: took.get(large) as number, after: took.get(small) as number });
    await context.progress(0.2 + (0.8 * (i + 1)) / SCAN_BLOCKS);
  }
  return blocks;
}

function arms(small: Table, large: Table, times: Times): Arm[] {
  const labels: Record<string, string> = {
    before: `${posts(large)} posts, by index`,
    after: `${posts(small)} posts, by index`,
  };
  return [...times].map(([name, ms]) => ({ name, label: labels[name] ?? `${name} posts`, latency: latencyOf(ms) }));
}

function keep(times: Times, arm: string, ms: number[]): void {
  times.set(arm, [...(times.get(arm) ?? []), ...ms]);
}

function posts(table: Table): string {
  return table.posts.toLocaleString('en');
}
