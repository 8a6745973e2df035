import { currentContext, runInContext } from './context.ts';
import type { Reader } from './ports.ts';

/** A floor that no copy ever reaches: the database itself must be read, since nobody knows how much has to be seen. */
export const BEYOND_COPIES = '~'; // sorts after each digit, and after each letter

/** The later of two positions. */
export function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** What must be seen by whoever is being answered; empty when that is nobody in particular. */
export async function floorOfReader(): Promise<string> {
  return (await currentContext()?.reader?.floor()) ?? '';
}

/** Runs `work` for another reader than the request's own, such as for all who share a load. Outside of a context for none. */
export function asReader<T>(reader: Reader, work: () => T): T {
  const context = currentContext();
  return context ? runInContext({ ...context, reader }, work) : work();
}

/** Notes where the database stood after a commit: for whom it was made, and for what follows from it, such as an invalidation. */
export async function noteCommit(position: string): Promise<void> {
  const context = currentContext();
  if (!context) return;
  context.written.position = position;
  await context.reader?.saw(position);
}
