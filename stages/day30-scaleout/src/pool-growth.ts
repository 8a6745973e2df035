import type pg from 'pg';

/** Looks after the size of a pool. */
export interface PoolGrowth {
  /** To be called when somebody asks for a connection: makes one more where they would have to wait. */
  tend(): void;
  /** Lets the pool make so many at once, for those who ask next. */
  allow(count: number): void;
}

/**
 * Has a pool grow beside those who wait, by one connection at a time. Left to itself pg-pool makes one for each call that finds
 * none free, which waits for that one alone: seconds, with a server at its limit, while others are given back again and again.
 * So to it the pool is full at the size it has, and calls stand in one line for whichever is free first.
 * @param most - Connections at most.
 */
export function poolGrowth(pool: pg.Pool, most: number): PoolGrowth {
  let making = false;
  const resize = (size: number) => {
    pool.options.max = Math.max(1, size);
  };
  async function grow(): Promise<void> {
    if (making || pool.waitingCount === 0 || pool.totalCount >= most || pool.ending) return;
    making = true;
    resize(pool.totalCount + 1);
    const made = await pool.connect().catch(() => undefined);
    making = false;
    made?.release();
    if (made) setImmediate(grow);
    else resize(pool.totalCount);
  }
  resize(1);
  pool.on('remove', () => resize(pool.totalCount));
  return {
    tend() {
      // Only then has whoever can have a free one got it.
      if (pool.totalCount < most) setImmediate(grow);
    },
    allow: (count) => resize(Math.max(pool.totalCount, count)),
  };
}
