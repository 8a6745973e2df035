import type { Instance, Topology } from '@day90/infra';
import type { Asked } from './closed-loop.ts';
import type { GoalBound } from './statistics.ts';

/** One way to answer the same request, with one layer more than the rung before it. */
export interface Rung {
  /** That of its box. */
  name: string;
  /** The layer, in words that fit a table's first column. */
  adds: string;
  /** For the share of the floor's CPU time. */
  goal?: GoalBound;
}

/** The layers of an app, from a bare floor to the whole, each rung a process of its own. */
export interface Ladder {
  /** From the floor up; the last one is the app as it is shipped. */
  rungs: readonly Rung[];
  /** All rungs at once, see {@link ladderTopology}. */
  topology: Topology;
  /** The stage's. */
  folder: string;
  /** Requests on each rung in one block. */
  requests: number;
  /** Requests on each rung before the first block; 8,000 unless told. */
  warmup?: number;
  /**
   * The box of the whole app a second time. Where there is one all are asked at once, for layers that cost less than what the
   * machine gives drifts from one turn to the next; a few rungs only, as all share its cores.
   */
  twin?: string;
  /** Makes what gives the next request. */
  paths(random: () => number): () => Asked;
  /** Run once all rungs are up, such as to fill a cache. */
  prepare?(instance: Instance): Promise<void>;
  /** What is asked for and how, one sentence each. */
  notes: string[];
}

/** Keep-alive connections to the rung that is asked. */
export const LADDER_CONNECTIONS = 32;

/** The whole app is measured twice in each block, by its twin where it has one, so that its two figures show how far equal things differ. */
export const AGAIN = 'shipped again';
