import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import type { Instance } from '@day90/infra';

/** Length of the file that the queue's Redis appends to, in bytes; undefined where it has none yet. */
export function lengthOf(instance: Instance): number | undefined {
  const file = fileOf(instance);
  return file === undefined ? undefined : statSync(file).size;
}

/**
 * Cuts it back to a length that it had. Killed, a process loses nothing that it has handed to the system; what a power cut
 * would lose, all that was not synced yet, has to be taken away by hand.
 */
export function cutBack(instance: Instance, length: number | undefined): void {
  const file = fileOf(instance);
  if (file !== undefined && length !== undefined) truncateSync(file, Math.min(length, statSync(file).size));
}

/** @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ — one base file, and one of increments */
function fileOf({ folders }: Instance): string | undefined {
  const folder = `${folders.data}/queue`;
  const name = existsSync(folder) ? readdirSync(folder).find((one) => one.endsWith('.incr.aof')) : undefined;
  return name && `${folder}/${name}`;
}
