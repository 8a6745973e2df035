import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findProcess, firstGone } from './processes.ts';

/** Who holds a lock. The start time tells it from a later process of the same pid. */
export interface LockHolder {
  pid: number;
  started: string;
}

/**
 * Takes a lock file, or says which live process holds it. A lock whose holder is dead is taken over.
 * @returns `release`, or the holder.
 */
export function takeLock(path: string): { release: () => void } | { holder: LockHolder } {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: findProcess(process.pid)?.started ?? '' }));
  try {
    for (;;) {
      if (tryLink(mine, path)) return { release: () => rmSync(path, { force: true }) };
      const holder = lockHolder(path);
      if (holder) return { holder };
      discardStale(path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The live process that holds a lock, or undefined. */
export function lockHolder(path: string): LockHolder | undefined {
  const holder = readHolder(path);
  return holder && !firstGone([holder]) ? holder : undefined;
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // no lock, or one cut off by a crash
  }
}

/** A link appears with its content and never over another: unlike create-then-write, no one can read half a lock. */
function tryLink(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves it aside before deleting it: if another process took the lock meanwhile, what was moved is alive and goes back. */
function discardStale(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another one was faster
  }
  if (lockHolder(aside)) tryLink(aside, path);
  rmSync(aside, { force: true });
}
