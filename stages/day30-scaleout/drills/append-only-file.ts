import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import type { Rig } from '@day90/bench/drill';

/** Length of the file that the session store appends to, in bytes; undefined where it keeps none. */
export function lengthOf(rig: Rig): number | undefined {
  const file = fileOf(rig);
  return file === undefined ? undefined : statSync(file).size;
}

/**
 * Cuts it back to a length that it had. Killed, a process loses nothing that it has handed to the system; what a power cut
 * would lose, all that was not synced yet, has to be taken away by hand.
 */
export function cutBack(rig: Rig, length: number | undefined): void {
  const file = fileOf(rig);
  if (file !== undefined && length !== undefined) truncateSync(file, length);
}

/** @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ — one base file, and one of increments */
function fileOf({ data }: Rig): string | undefined {
  const folder = `${data}/sessions`;
  const name = existsSync(folder) ? readdirSync(folder).find((one) => one.endsWith('.incr.aof')) : undefined;
  return name && `${folder}/${name}`;
}
