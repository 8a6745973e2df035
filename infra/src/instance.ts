import type { BudgetUsage } from './budget.ts';
import type { Progress } from './progress.ts';
import type { ReadyFile } from './ready-file.ts';
import type { Autoscale } from './scaled-topology.ts';
import type { Scale } from './topology.ts';

/** How a topology is to be run. */
export interface LaunchOptions {
  /** The stage's folder: boxes and the loader run in it, and `.run/` lies at the root of its workspace. */
  folder: string;
  /** Name of the run and of its folder in `.run/`; stage and variant unless told. */
  instance?: string | undefined;
  /** Scale of the seeded data; that of the data already there unless told, else `medium`. */
  scale?: Scale | undefined;
  /** The topology's own ports (`default`), free ones, or a base: the door gets it, the other ports follow it in order. */
  ports?: 'default' | 'free' | number | undefined;
  /** Show nothing of what the boxes write; it is in `.run/<instance>/logs/` either way. */
  quiet?: boolean | undefined;
  /** Delete `.run/<instance>` at the end. */
  throwAway?: boolean | undefined;
  /** Settings by box (`app` is every replica of it, `app-2` one) that win over the topology's. May hold placeholders. */
  env?: Record<string, Record<string, string>> | undefined;
  /** The topology's options: `{ balance: 'weighted', 'db-rtt': '10ms' }`. */
  options?: Record<string, string> | undefined;
  /** Replicas by box, where the topology's own count is not wanted. */
  replicas?: Record<string, number> | undefined;
  /** Has the number of boxes follow their load, where the topology says what that is; begins with the fewest. */
  autoscale?: Autoscale | undefined;
  /** `false` starts without CPU budgets. */
  budgets?: boolean | undefined;
  /** Start-up and data loading, one line at a time; standard error unless told. */
  onProgress?: Progress | undefined;
  /** Ends the start-up when aborted; `launch` then rejects with its reason. No use once it has resolved. */
  signal?: AbortSignal | undefined;
}

/** A topology that is up. Methods that take a box throw BadInput for one that is not there. */
export interface Instance {
  /** As in ready.json, now. */
  readonly ready: ReadyFile;
  url: string;
  /** Where its data and what its boxes write lie. Data is not always in `.run/`, see reachableFolder. */
  readonly folders: { data: string; logs: string };
  /** The topology's `hello` lines, placeholders filled in. */
  hello: string[];
  /** The process of a box now, its first port, and all of them by name; a restart changes the pid. */
  box(name: string): { pid: number; port: number | undefined; ports: Record<string, number> };
  /** The names of a box's replicas now, or its own. */
  boxesOf(name: string): string[];
  /** Sets or lifts a box's budget, which it keeps over restarts. Nothing happens where the system has none. */
  setCpu(box: string, share: number | undefined): void;
  /**
   * What all processes of a box have used: from its budget's group, ended processes included, else summed over those that
   * live, which then knows of no throttling.
   */
  usage(box: string): BudgetUsage;
  /** As `day90 scale`: rejects with BadInput when so many are not possible. */
  scale(name: string, count: number): Promise<void>;
  /** As `day90 roll`: each replica ends by itself and comes back, or this rejects with BadInput, as it does for a single one. */
  roll(name: string): Promise<void>;
  /** Signals a box's process. SIGSTOP and SIGCONT go to all that came of it, too. */
  signal(box: string, signal: NodeJS.Signals): void;
  /** From now on the box stays down when it dies. */
  hold(box: string): void;
  /** Lifts {@link hold}: a box that is down starts at once. */
  release(box: string): void;
  /** kill -9 of all processes of a box, which is then started again unless held. */
  kill(box: string): Promise<void>;
  /** Ends all boxes in reverse order; resolves once nothing is left. */
  stop(): Promise<void>;
  /** Resolves with why, should the instance end unasked. By then nothing of it is left. */
  exited: Promise<string>;
}
