import type { Progress } from './progress.ts';
import type { ReadyFile } from './ready-file.ts';
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
  /** Settings by box that win over the topology's. May hold placeholders. */
  env?: Record<string, Record<string, string>> | undefined;
  /** Start-up and data loading, one line at a time; standard error unless told. */
  onProgress?: Progress | undefined;
  /** Ends the start-up when aborted; `launch` then rejects with its reason. No use once it has resolved. */
  signal?: AbortSignal | undefined;
}

/** A topology that is up. */
export interface Instance {
  /** As in ready.json, now. */
  readonly ready: ReadyFile;
  url: string;
  /** The topology's `hello` lines, placeholders filled in. */
  hello: string[];
  /** The process and first port of a box now; a restart changes the pid. */
  box(name: string): { pid: number; port: number | undefined };
  /** Ends all boxes in reverse order; resolves once nothing is left. */
  stop(): Promise<void>;
  /** Resolves with why, should the instance end unasked. By then nothing of it is left. */
  exited: Promise<string>;
}
