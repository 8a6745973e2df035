import { setTimeout as sleep } from 'node:timers/promises';
import { type Transactor, UnavailableError } from '@day90/core';
import { isConflict } from 'stage-3';
import { isElsewhere } from './elsewhere.ts';
import { ShardTransaction } from './shard-transaction.ts';

/** As on one database: how often work is run that loses a conflict with another one. */
const MOST_TRIES = 3;
const RETRY_MS = 20;
/** How long work may be begun again because its bucket is on its way. */
const LONGEST_MS = 1000;

/**
 * Transactions whose shard is that of their first write. Work is run again when it lost a conflict, and when its bucket was
 * elsewhere.
 * @param again - Reads the map anew after such an error. @returns Whether it was one.
 */
export function shardTransactor(again: (error: unknown) => Promise<boolean>): Transactor {
  return async (work) => {
    const until = performance.now() + LONGEST_MS;
    for (let conflicts = 0; ; ) {
      const transaction = new ShardTransaction();
      try {
        const result = await work(transaction);
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback(error);
        if (isConflict(error)) {
          conflicts += 1;
          if (conflicts === MOST_TRIES) throw error;
          await sleep(Math.random() * RETRY_MS * conflicts);
        } else if (!(await again(error))) throw error;
        else if (performance.now() > until) throw moving(error);
      }
    }
  };
}

function moving(cause: unknown): unknown {
  return isElsewhere(cause) ? new UnavailableError('A part of the data is being moved.', { cause }) : cause;
}
