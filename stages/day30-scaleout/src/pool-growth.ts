import type pg from 'pg';

/** Looks after the size of a pool. */
export interface PoolGrowth {
  /** To be called when somebody asks for a connection: makes more where they would have to wait. */
  tend(): void;
  /** Lets the pool make so many at once, for those who ask next. */
  allow(count: number): void;
}

/**
 * Has a pool grow beside those who wait, by as many connections as they are. Left to itself pg-pool makes one for each call that
 * finds none free, which waits for that one alone: seconds, with a server at its limit, while others are given back again and
 * again. So to it the pool is full at the size it has, and calls stand in one line for whichever is free first.
 * @param most - Connections at most.
 */
export function poolGrowth(pool: pg.Pool, most: number): PoolGrowth {
  let making = 0;
  const resize = (size: number) => {
    pool.options.max = Math.max(1, size);
  };
  function make(): void {
    making += 1;
    resize(pool.totalCount + 1);
    const made = pool.connect().then(
      (client) => client.release(),
      () => resize(pool.totalCount),
    );
    void made.finally(() => {
      making -= 1;
    });
  }
  function grow(): void {
    while (pool.waitingCount > making && pool.totalCount < most && !pool.ending) make();
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
