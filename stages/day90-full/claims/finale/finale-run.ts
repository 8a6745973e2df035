import type { PacedRun } from '@day90/bench';
import type { Outcome } from './outcome.ts';
import type { MachineUse } from './tiers.ts';
import type { TriedRate } from './tried-rate.ts';
import type { Held } from './up-finale.ts';
import type { Wishes } from './wishes.ts';

/** All that the finale saw. */
export interface FinaleRun {
  wishes: Wishes;
  outcome: Outcome;
  run: PacedRun;
  use: MachineUse;
  /** Requests a second: what is wished for, or what the generator may send. */
  rate: number;
  /** The rate that was asked for, and less after it until one was held. */
  tried: TriedRate[];
  held: [Held, Held];
  /** Still open after the load, and what came of the sample that asked again. */
  after: { open: number; asked: number; answered: number };
  notHeld: Record<string, number>;
  knownPosts: number;
  ceiling: number;
}
