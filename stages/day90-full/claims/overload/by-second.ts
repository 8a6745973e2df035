import type { Rushed } from '../../drills/rush.ts';
import { isAnswered, tookAt } from '../../drills/rushed.ts';
import type { Rushes } from './rush-onto.ts';

/** Below this a p99 of some milliseconds is the machine's own noise. */
const LEAST_LIMIT_MS = 100;

/** Those that were due in one second. */
export function within(hits: readonly Rushed[], second: number): Rushed[] {
  return hits.filter(({ due }) => due >= second * 1000 && due < (second + 1) * 1000);
}

/** Seconds from the end of the rush to the first one from which on every one is as it was at half load. */
export function calmAfter({ over, after }: Rushes, halfP99: number): number {
  const end = Math.max(...over.slice(-1).map(({ at }) => at));
  const seconds = Map.groupBy(after, ({ at }) => Math.max(0, Math.floor((at - end) / 1000)));
  const isCalm = (hits: Rushed[]) =>
    hits.every(isAnswered) && tookAt(hits, 0.99) <= Math.max(1.5 * halfP99, LEAST_LIMIT_MS);
  const lastBad = Math.max(-1, ...[...seconds].filter(([, hits]) => !isCalm(hits)).map(([second]) => second));
  return lastBad + 1;
}
