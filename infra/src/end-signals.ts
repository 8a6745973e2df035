import { watchAncestors } from './ancestors.ts';
import { Interrupted } from './run-program.ts';

/** A terminal and pnpm may both deliver the same Ctrl-C; a second one that soon is that same one. In milliseconds. */
const SAME_KEY_MS = 500;

/** What asked a long-running command to end. */
export interface EndSignals {
  /** Aborted with an {@link Interrupted} at the first Ctrl-C, SIGTERM or SIGHUP, or when what the command was started from is gone. */
  signal: AbortSignal;
  release(): void;
}

/**
 * Listens for all that ends a command; to be called before its first work. A second Ctrl-C ends the process at once: its
 * guardian then kills the boxes.
 * @param codeAtTerm - Exit code when anything but Ctrl-C ended it, asked when it comes.
 */
export function endSignals(codeAtTerm: () => number): EndSignals {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      first = Date.now();
      controller.abort(new Interrupted(signal, signal === 'SIGINT' ? 130 : codeAtTerm()));
    } else if (signal === 'SIGINT' && Date.now() - first > SAME_KEY_MS) {
      process.exit(130);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  const unwatch = watchAncestors((why) => controller.abort(new Interrupted(why, codeAtTerm())));
  return {
    signal: controller.signal,
    release: () => {
      unwatch();
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
