import {
  type BlockComparison,
  compareBlocks,
  latencyOf,
  type MeasureContext,
  type PairedBlock,
  quantile,
  seededRandom,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { type Visit, Visitors } from '../visitors.ts';

/** Life of the popular page on the arm that renews it all the time, in seconds. */
export const SHORT_LIFE_SECONDS = 3;
/** Visitors a second of each arm. */
export const RATE = 300;
export const BLOCK_SECONDS = 2;
const WARMUP_SECONDS = 3;
const MOST = 1.2;

/** What the visitors met while one arm renewed its entry and the other one's stayed. */
export interface Renewals {
  comparison: BlockComparison;
  renewing: Visit[];
  steady: Visit[];
  /** Visitors who met an entry that was due. */
  stale: number;
}

/** Loads both arms at once, and compares the 99th percentile of each block: with renewals ÷ without. */
export async function measureRenewals(
  context: MeasureContext,
  arms: { renewing: Instance; steady: Instance },
): Promise<Renewals> {
  const { quick, seed, judged, signal } = context;
  const plan = quick ? { blocks: 10, leastBlocks: 8 } : { blocks: 22, leastBlocks: 20 };
  const visitors = {
    renewing: new Visitors(doors(arms.renewing)),
    steady: new Visitors(doors(arms.steady)),
  };
  const load = (arm: Visitors, seconds: number) => arm.open(RATE, seconds, () => '/posts/popular', signal);
  try {
    await Promise.all(Object.values(visitors).map((arm) => load(arm, WARMUP_SECONDS)));
    const seconds = plan.blocks * BLOCK_SECONDS;
    const [renewing, steady] = await Promise.all([load(visitors.renewing, seconds), load(visitors.steady, seconds)]);
    const bad = [...renewing, ...steady].filter(({ status }) => status !== 200).length;
    if (bad > 0) throw new Error(`${bad} visitors of the popular page were not answered`);
    const blocks = pairs(renewing, steady, plan.blocks, seededRandom(seed));
    const goal = judged ? { goal: { op: '<=' as const, value: MOST } } : {};
    const comparison = compareBlocks(blocks, { seed, leastBlocks: plan.leastBlocks, ...goal });
    const stale = renewing.filter(({ timing }) => timing.cache === 'stale').length;
    return { comparison, renewing, steady, stale };
  } finally {
    for (const arm of Object.values(visitors)) arm.close();
  }
}

function doors(instance: Instance): string[] {
  return ['app', 'other'].map((box) => `http://127.0.0.1:${instance.box(box).port}`);
}

function pairs(renewing: Visit[], steady: Visit[], count: number, random: () => number): PairedBlock[] {
  const within = (visits: Visit[], block: number) =>
    visits.filter(({ at }) => Math.floor(at / 1000 / BLOCK_SECONDS) === block).map(({ ms }) => ms);
  return Array.from({ length: count }, (_, block) => {
    const calm = within(steady, block);
    const halves: [number[], number[]] = [[], []];
    for (const ms of calm) halves[random() < 0.5 ? 0 : 1].push(ms);
    return { before: p99(within(renewing, block)), after: p99(calm), aa: [p99(halves[0]), p99(halves[1])] };
  });
}

function p99(values: number[]): number {
  return quantile(
    values.sort((a, b) => a - b),
    0.99,
  );
}

export function latencies(visits: Visit[]) {
  return latencyOf(visits.map(({ ms }) => ms));
}
