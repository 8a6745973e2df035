/** How long a claim is loaded, and how the time is cut. */
export interface LoadPlan {
  warmupSeconds: number;
  blockSeconds: number;
  blocks: number;
  /** Blocks that must be left after the warm-up check. */
  leastBlocks: number;
}

/** MEASURING rules 5 and 6: 10 s, then blocks of 2 s; ten more than the 20 that must be left once the unsettled are dropped. */
const FULL: LoadPlan = { warmupSeconds: 10, blockSeconds: 2, blocks: 30, leastBlocks: 20 };
const QUICK: LoadPlan = { warmupSeconds: 8, blockSeconds: 1.5, blocks: 16, leastBlocks: 8 };

/** Where blocks are longer than usual, there are fewer of them: what takes time is one arm's slowness, not its noise. */
const LONG_BLOCKS = { full: 24, quick: 10 };

/**
 * @param quick - Fewer and shorter blocks: an interval that is wider, within a minute.
 * @param blockSeconds - Other blocks than usual: longer ones for an arm that gives few answers in two seconds.
 */
export function loadPlan(quick: boolean, blockSeconds?: number): LoadPlan {
  const plan = quick ? QUICK : FULL;
  if (!blockSeconds) return plan;
  return {
    ...plan,
    blockSeconds,
    blocks:
      blockSeconds > plan.blockSeconds ? Math.min(plan.blocks, LONG_BLOCKS[quick ? 'quick' : 'full']) : plan.blocks,
  };
}

/** Seconds k6 is busy with a plan. */
export function loadSeconds({ warmupSeconds, blockSeconds, blocks }: LoadPlan): number {
  return warmupSeconds + measuredSeconds({ blockSeconds, blocks });
}

/** One second more than the blocks need, since they start with the first answer. */
export function measuredSeconds({ blockSeconds, blocks }: Pick<LoadPlan, 'blockSeconds' | 'blocks'>): number {
  return Math.ceil(blockSeconds * blocks) + 1;
}
