import type { Level } from './levels.ts';

/** One thing that a box did for a request. */
export interface Hop {
  /** When it began, in milliseconds since 1970 UTC. */
  at: number;
  box: string;
  level: Level;
  text: string;
  /** How long it took, in milliseconds; a line that tells of a moment has none. */
  ms?: number | undefined;
}
