import { mkdirSync, readdirSync, rmSync } from 'node:fs';

const NAME = /^scratch-(\d+)$/;

/**
 * An empty folder in `.run/` for the copies of one claim. Those of benches that were killed are deleted first.
 * @param root - The workspace's root folder.
 */
export function makeScratch(root: string): { folder: string; remove(): void } {
  const run = `${root}/.run`;
  mkdirSync(run, { recursive: true });
  for (const entry of readdirSync(run)) {
    const pid = Number(NAME.exec(entry)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) rmSync(`${run}/${entry}`, { recursive: true, force: true });
  }
  const folder = `${run}/scratch-${process.pid}`;
  mkdirSync(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
