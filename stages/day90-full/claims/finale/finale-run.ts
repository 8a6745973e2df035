import type { Load } from './load.ts';
import type { Held } from './up-finale.ts';
import type { Wishes } from './wishes.ts';

/** All that the finale saw. */
export interface FinaleRun {
  wishes: Wishes;
  /** Requests a second at most: what is wished for, or what the generator may send. */
  most: number;
  /** What was asked for on the way up, for a few seconds each. */
  rungs: readonly Load[];
  /** What was asked for all of the time; less after what was not held. */
  tries: readonly Load[];
  /** The last of them, which says all that there is to say. */
  long: Load;
  held: [Held, Held];
  /** Still open after the load, and what came of the sample that asked again. */
  after: { open: number; asked: number; answered: number };
  notHeld: Record<string, number>;
  knownPosts: number;
  ceiling: number;
}
