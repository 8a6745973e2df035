import { setTimeout as sleep } from 'node:timers/promises';
import type { Transactor } from '@day90/core';

const BATCH_MS = 500;
const LOOK_EVERY_MS = 2;

/**
 * Puts all transactions of half a second into one and commits that: a sync for a hundred writes instead of one for each.
 * Everybody has their answer by then, so a process that dies takes up to half a second of acknowledged writes with it.
 */
export function batchedCommits(transactor: Transactor): Transactor {
  let waiting: ((handle: unknown) => Promise<void>)[] = [];
  let open = false;

  async function batch(handle: unknown): Promise<void> {
    const end = performance.now() + BATCH_MS;
    while (performance.now() < end || waiting.length > 0) {
      const due = waiting;
      waiting = [];
      for (const work of due) await work(handle);
      await sleep(LOOK_EVERY_MS);
    }
    open = false;
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push((handle) => work(handle).then(resolve, reject));
      if (open) return;
      open = true;
      transactor(batch).catch(reject);
    });
}
