import type pg from 'pg';

/**
 * Connections in the making at once. Each takes the app's own time, too: the proof of a password is thousands of hashes, and a
 * small box answers others meanwhile. One at a time would be slow to get to what a database at its limit needs.
 */
const AT_ONCE = 2;

/** Looks after the size of a pool. */
export interface PoolGrowth {
  /** To be called when somebody asks for a connection: makes more where they would have to wait. */
  tend(): void;
  /** Lets the pool make so many at once, for those who ask next. */
  allow(count: number): void;
}

/**
 * Has a pool grow beside those who wait, by a few connections at a time. Left to itself pg-pool makes one for each call that
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
    pool.connect().then(
      (client) => {
        making -= 1;
        client.release();
        setImmediate(grow);
      },
      () => {
        making -= 1; // not at once again: a server that takes no more would be asked for ever
        resize(pool.totalCount);
      },
    );
  }
  function grow(): void {
    while (making < AT_ONCE && pool.waitingCount > making && pool.totalCount < most && !pool.ending) make();
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
