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

/** All that a load has sent, with its answers. */
export interface Load {
  records: Sent[];
  /** Requests that were due by the clock. */
  offered: number;
  /** Longest time by which a request was sent after it was due, in milliseconds. */
  latestMs: number;
}

/** The books of what was written, closed. */
export interface Books {
  fates: Record<Fate, number>;
  /** Absent where the posts could not be read. */
  audit?: Audit;
}

/**
 * What it tells: that a member has logged in, each time · when its load began, in nanoseconds of the machine's monotonic clock,
 * which all processes share · once it is told to stop, the load and then the books · why it can't go on.
 */
export type VisitorsTell = { members: Member[] } | { begunAt: string } | Load | Books | { problem: string };
