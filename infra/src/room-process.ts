import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnv } from './child-env.ts';

/** Its program, from the workspace's root. What was made of a stage alone has none. */
const PROGRAM = 'room/src/main.ts';

/**
 * Opens the control room of an instance in a process of its own, which ends when this one does, and prints its address. The stage does
 * not wait for it, and one that can't start is a line on standard error.
 */
export function openRoom(workspace: string, instance: string): { close(): void } {
  const program = join(workspace, PROGRAM);
  if (!existsSync(program)) return { close: () => {} };
  const child = fork(program, [instance], {
    ...{ cwd: workspace, env: inheritedEnv(), execArgv: [] },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastWords = '';
  let isTold = false;
  child.stderr?.on('data', (words) => {
    lastWords = String(words).trim();
  });
  child.on('message', ({ url }: { url: string }) => {
    isTold = true;
    console.log(`control room: ${url}`);
  });
  const failed = (why: string) => {
    if (!isTold) console.error(`no control room: ${why}`);
    isTold = true;
  };
  child.once('error', (error) => failed(error.message));
  child.once('close', (code) => failed(lastWords || `it ended with ${code}`));
  return {
    close: () => {
      isTold = true;
      child.kill('SIGTERM');
    },
  };
}
