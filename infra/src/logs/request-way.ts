import type { Hop } from './hop.ts';
import type { LogEntry } from './log-entry.ts';
import { fromJob, fromProxy } from './seen-from-outside.ts';

/** Clocks of two boxes agree to so much: nginx' counts whole milliseconds, and stands still while it works. */
const SAME_MOMENT_MS = 5;
/** How far from the visitor. */
const EDGE = 0;
const PROXY = 1;
const BOX = 2;
const OTHER = 3;

/**
 * The way of one request: what each box did for it, in the order in which they began.
 * @param entries - All lines that bear its id.
 * @param boxAt - Name of the box that has this address; the address itself where nobody knows.
 */
export function requestWay(entries: readonly LogEntry[], boxAt: (address: string) => string): Hop[] {
  const hops = entries.flatMap((entry) => [
    ...fromProxy(entry, boxAt).map((hop) => ({ hop, depth: BOX })),
    ...fromJob(entry).map((hop) => ({ hop, depth: OTHER })),
    { hop: asHop(entry), depth: depthOf(entry) },
  ]);
  hops.sort((a, b) => a.hop.at - b.hop.at);
  // Where the clocks are too coarse to tell who began, who is in front of whom does; of two edges the one that took longer.
  const ordered: typeof hops = [];
  while (hops.length > 0) {
    const first = hops[0]?.hop.at ?? 0;
    const together = hops.splice(0, hops.filter(({ hop }) => hop.at - first < SAME_MOMENT_MS).length);
    ordered.push(
      ...together.sort((a, b) => a.depth - b.depth || (a.depth === EDGE ? (b.hop.ms ?? 0) - (a.hop.ms ?? 0) : 0)),
    );
  }
  return ordered.map(({ hop }) => hop);
}

function asHop({ at, box, level, text, ms }: LogEntry): Hop {
  return { at: at - (ms ?? 0), box, level, text, ms };
}

function depthOf({ fields }: LogEntry): number {
  if (fields.cache !== undefined) return EDGE;
  return fields.upstream === undefined ? OTHER : PROXY;
}
