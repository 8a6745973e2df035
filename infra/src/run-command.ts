import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Guardian } from './guardian-link.ts';

/** Lines kept to show why a command failed. */
const KEPT_LINES = 8;

export interface CommandOptions {
  argv: [command: string, args: string[]];
  cwd: string;
  env: Record<string, string>;
  guardian: Guardian;
  onLine: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** Others have their turn first. */
  inBackground?: boolean;
}

/**
 * Runs a command to its end under a guardian, passing its output on line by line.
 * @returns Its exit code (null when a signal ended it) and its last lines.
 * @throws The signal's reason when aborted, after the command and all it started are gone.
 */
export async function runCommand(options: CommandOptions): Promise<{ code: number | null; lastLines: string[] }> {
  const { guardian, signal } = options;
  signal?.throwIfAborted();
  const child = spawn(...options.argv, {
    cwd: options.cwd,
    env: { ...options.env, ...guardian.env },
    detached: true, // a Ctrl-C is for whoever started this, who then ends it in order
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) {
    guardian.add(child.pid);
    if (options.inBackground) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      options.onLine(line);
    });
  }
  const end = () => void guardian.endAll();
  signal?.addEventListener('abort', end);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    signal?.throwIfAborted();
    return { code, lastLines };
  } finally {
    signal?.removeEventListener('abort', end);
    if (child.pid !== undefined) guardian.drop(child.pid);
  }
}
