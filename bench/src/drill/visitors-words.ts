import type { Scale, Stage } from '@day90/infra';
import type { Audit, Fate } from './ledger.ts';
import type { Member } from './members.ts';
import type { Sent } from './records.ts';

/** What the process of a drill's visitors is started with. */
export interface VisitorsStart {
  url: string;
  stage: Stage;
  /** The drill's. */
  number: number;
  scale: Scale;
  quick: boolean;
}

/** All that they sent and wrote. */
export interface Visited {
  records: Sent[];
  /** Requests that were due by the clock. */
  offered: number;
  /** Longest time by which a request was sent after it was due, in milliseconds. */
  latestMs: number;
  /** What became of the writes, by what their senders were told. */
  fates: Record<Fate, number>;
  /** The books against what is there; absent where the posts could not be read. */
  audit?: Audit;
}

/**
 * What it tells: that a member has logged in, each time · when its load began, in nanoseconds of the machine's monotonic clock,
 * which all processes share · all of it, once it was told to stop · why it can't go on.
 */
export type VisitorsTell = { members: readonly Member[] } | { begunAt: string } | Visited | { problem: string };
