import { Interrupted } from './run-program.ts';

/** A terminal and pnpm may both deliver the same Ctrl-C; a second one that soon is that same one. In milliseconds. */
const SAME_KEY_MS = 500;

/** What asked a long-running command to end. */
export interface EndSignals {
  /** Aborted with an {@link Interrupted} at the first Ctrl-C, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  release(): void;
}

/**
 * Listens for the signals that end a command. A second Ctrl-C ends the process at once: its guardian then kills the boxes.
 * @param codeAtTerm - Exit code after SIGTERM or SIGHUP, asked when it comes.
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
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
