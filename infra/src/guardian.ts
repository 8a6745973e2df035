import { lstatSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isGroup, removeGroups } from './budgets-groups.ts';
import { guardianWord } from './guardian-link.ts';
import { ProcessFamily } from './process-family.ts';
import { orUndefined } from './processes.ts';

/** How often new descendants are noted, in milliseconds. A look takes about 2 ms. */
const LOOK_MS = 2000;

/**
 * Ends what a launcher started when that launcher can no longer do so itself.
 *
 * It holds the reading end of a pipe from the launcher. The kernel closes the other end however the launcher ends, kill -9
 * included. When that happens without a goodbye, every process of the family is killed and what only a live launcher may
 * leave behind (ready.json, sockets, half-made folders) is deleted.
 */
async function main(): Promise<void> {
  const family = new ProcessFamily(process.argv[2] ?? '');
  const leftovers: string[] = [];
  // It outlives the signals that end everything else: it is the one that cleans up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const looking = setInterval(() => orUndefined(() => family.look()), LOOK_MS);
  for await (const line of createInterface({ input: process.stdin })) {
    const word = guardianWord.parse(JSON.parse(line));
    if ('bye' in word) process.exit(0);
    if ('add' in word) family.add(word.add, word.abort);
    if ('drop' in word) family.drop(word.drop);
    if ('leftover' in word) leftovers.push(word.leftover);
  }
  clearInterval(looking);
  // Files at once: the next launcher of this instance may be writing its own before the last process has ended.
  const folders = leftovers.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory());
  for (const path of leftovers) if (!folders.includes(path)) rmSync(path, { force: true });
  await family.end();
  for (const path of folders) {
    if (isGroup(path)) removeGroups(path);
    else rmSync(path, { recursive: true, force: true });
  }
}

void main();
