import { setTimeout as sleep } from 'node:timers/promises';
import { takeLock } from './lock.ts';
import type { Progress } from './progress.ts';

const POLL_MS = 500;

/**
 * Takes a lock file, waiting for a live process that holds it and saying so once.
 * @param options.doing - What the holder is at: `builds k6`.
 * @returns What gives it back.
 * @throws The signal's reason when aborted.
 */
export async function waitForLock(
  path: string,
  options: { doing: string; progress: Progress; signal?: AbortSignal | undefined },
): Promise<() => void> {
  const { doing, progress, signal } = options;
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const lock = takeLock(path);
    if ('release' in lock) return lock.release;
    if (!told) progress(`waiting for pid ${lock.holder.pid}, which ${doing}`);
    // Its own error when aborted is not the signal's reason, which the next turn throws.
    await sleep(POLL_MS, undefined, signal ? { signal } : {}).catch(() => {});
  }
}
