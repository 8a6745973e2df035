import type { Instance, Machine, Scale } from '@day90/infra';
import type { Answer } from './http-client.ts';
import type { Kind } from './kinds.ts';
import type { Audit } from './ledger.ts';
import type { Member } from './members.ts';
import type { Sent } from './records.ts';

/** Something broken on purpose, and what must hold meanwhile. A stage exports its own from `drills/index.ts`. */
export interface Drill {
  number: number;
  /** With the number in front of it the drill's name: `kill-mid-write`. */
  slug: string;
  /** `stage-1` */
  stage: string;
  /** What is broken, as a sentence. */
  title: string;
  /** What must hold, one criterion each, as `--list` shows them. */
  expects: string[];
  /** A module in the stage's folder that exports the topology: `src/topology.ts`. */
  topology: string;
  /** Settings by box that win over the topology's. */
  env?: Record<string, Record<string, string>>;
  /** Requests a second, at most half of what is left without the broken part. */
  rate: number;
  /** Shares of the kinds; only their proportion counts. */
  mix: Partial<Record<Kind, number>>;
  /** Names the seeded members and posts where they have other ids than the numbers they are counted by. */
  ids?(scale: Scale): SeededIds;
  /** Lengths of the phases around the fault, in seconds, where 3, 7 and 10 do not suit. `--quick` leaves them alone. */
  phases?: Partial<Record<'warmUp' | 'steady' | 'healed', number>>;
  /** About how long fault and healing take together, in seconds. */
  faultSeconds: number;
  /**
   * Visitors send a request again, once, that was lost with a kept connection, where that can't do a thing twice. Browsers
   * do; no drill takes it for granted unless it says so.
   */
  resends?: true;
  /**
   * What an app's own 503 says of a write. `rejected` unless told: it was not done, and must not be there. `unknown` where
   * the app can't know either, such as when the connection broke in a commit.
   */
  unavailable?: 'rejected' | 'unknown';
  /**
   * What is broken may take acknowledged writes along, as where no commit waits for a copy. Then {@link judge} says which of
   * them it may, and how many; every other drill loses none.
   */
  losesAcknowledged?: true;
  /** Why this machine can't run it. Such a drill counts as skipped, never as passed. */
  skip?(machine: Machine): string | undefined;
  /**
   * What the fault brings with it of work beyond the load, or of new processes, done once before the steady phase: the memory of
   * the boxes is compared from then on, and a heap grows to the work it has.
   */
  rehearse?(rig: Rig): Promise<void>;
  /** Breaks it. Resolves when the fault is there, or when it is over if it ends by itself. */
  fault(rig: Rig): Promise<void>;
  /** Takes the fault back where that needs doing. Resolves when the stage should be whole again: the healed phase begins. */
  heal(rig: Rig): Promise<void>;
  /**
   * Compares what was seen with what must hold. What every drill asks stands in `common-checks.ts`.
   * @param audit - The books against what is there; undefined where the posts could not be read.
   */
  judge(records: readonly Sent[], rig: Rig, audit: Audit | undefined): Promise<Check[]> | Check[];
  mutation: Mutation;
}

/** The ids of seeded things by their number, from 1. */
export interface SeededIds {
  member(number: number): string;
  post(number: number): string;
}

/** The protection taken away. The drill must then fail, or it proves nothing. */
export interface Mutation {
  /** What is different: "answers before the commit". */
  title: string;
  /** Takes the place of the drill's topology. */
  topology?: string;
  /** Added to the drill's settings. */
  env?: Record<string, Record<string, string>>;
  /** Takes the place of the drill's fault, where what protects is a choice that is made in it. */
  fault?(rig: Rig): Promise<void>;
  /** Ids of the checks, of which one at least must fail. Another failure would only show that the mutant is broken. */
  breaks: string[];
}

/** One criterion and what was seen. */
export interface Check {
  /** Names it for {@link Mutation.breaks}: `acked`. */
  id: string;
  criterion: string;
  value: string;
  passed: boolean;
}

/** Where a box stands, as its launcher sees it. */
export interface BoxStatus {
  box: string;
  pid: number | null;
  state: string;
  restarts: number;
}

/** What a drill works with while its stage is up and loaded. Everything that waits here ends with Ctrl-C. */
export interface Rig {
  readonly instance: Instance;
  readonly scale: Scale;
  /** The instance's data and logs. */
  readonly data: string;
  readonly logs: string;
  /** As they stand now: after a login it is another list. */
  readonly members: readonly Member[];
  /** Moments by name, on the clock of the records; they stand in the result. */
  readonly marks: Readonly<Record<string, number>>;
  /** Figures that fault and healing leave for the judge; they stand in the result. */
  readonly facts: Record<string, number>;
  /** Milliseconds since the load began. */
  now(): number;
  /** Keeps this moment, or one from before, under a name. */
  mark(name: string, at?: number): number;
  sleep(ms: number): Promise<void>;
  /**
   * Asks again every 20 ms until `condition` holds.
   * @throws {Error} With `what` when it does not within `ms`.
   */
  until(what: string, ms: number, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** All boxes as they stand now, as their launcher sees them. */
  boxes(): Promise<BoxStatus[]>;
  /** A request beside the load, which no record counts. */
  get(path: string): Promise<Answer>;
  /** As the instance's own, but announced to the check for unexpected deaths when it is a signal that ends a process. */
  signal(box: string, signal: NodeJS.Signals): void;
  /** kill -9 of all processes of a box, announced likewise. */
  kill(box: string): Promise<void>;
  /**
   * Waits until a box has another process than `pid` (0: any at all), and is ready.
   * @returns When that process was started and when it was ready, to 20 ms.
   */
  restarted(box: string, pid: number, ms: number): Promise<{ startedAt: number; readyAt: number }>;
}
