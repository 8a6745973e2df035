import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import type { Rig } from '@day90/bench/drill';

/** Open files of each app box now, by its pid: a box that was started again is another one. */
export function openFiles({ instance }: Rig): Map<number, number> {
  return new Map(instance.boxesOf('app').map((name) => [instance.box(name).pid, countOf(instance.box(name).pid)]));
}

/** How many more files a box has open than before, at most. */
export function mostGrowth(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return Math.max(...[...after].flatMap(([pid, files]) => (before.has(pid) ? [files - (before.get(pid) ?? 0)] : [])));
}

function countOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  if (existsSync(folder)) return readdirSync(folder).length;
  const { stdout } = spawnSync('lsof', ['-p', String(pid)], { encoding: 'utf8' }); // where there is no /proc
  return stdout.split('\n').length;
}
