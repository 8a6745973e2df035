import { setTimeout as sleep } from 'node:timers/promises';
import { type Resource, runInBackground, type Transactor } from '@day90/core';

/**
 * Looks for what others have left half done, again and again until it is closed, so long after the last look ended: one that
 * takes long has none waiting behind it. A look that fails is followed by the next one.
 * @param ms - Between two looks, in milliseconds.
 */
export function lookEvery(ms: number, transactor: Transactor, look: () => Promise<void>): Resource {
  const closing = new AbortController();
  const { signal } = closing;
  async function goOn(): Promise<void> {
    while (!signal.aborted) {
      await sleep(ms, undefined, { ref: false, signal }).catch(() => {});
      if (!signal.aborted) await runInBackground(transactor, look).catch(() => {});
    }
  }
  const looking = goOn();
  return {
    async close() {
      closing.abort();
      await looking;
    },
  };
}
