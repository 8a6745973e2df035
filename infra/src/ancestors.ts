import { ancestorsOf, commandOf, firstGone, orUndefined } from './processes.ts';

const POLL_MS = 1000;

/**
 * Watches the processes this one was started from (shell, npx, pnpm …; not init). A SIGTERM to `npx` ends npx and is not
 * passed on, so a launcher that only heard signals would live on unseen.
 * @returns Stops the watch.
 */
export function watchAncestors(onGone: (why: string) => void): () => void {
  const chain = ancestorsOf(process.pid).map((row) => ({ ...row, command: commandOf(row.pid) }));
  const timer = setInterval(() => {
    const gone = orUndefined(() => firstGone(chain));
    if (!gone) return;
    clearInterval(timer);
    onGone(`pid ${gone.pid}, from which it was started, is gone (${gone.command.slice(0, 60)})`);
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
