import type { ReadyFile } from './ready-file.ts';
import type { Scale, Topology } from './topology.ts';

export interface LaunchOptions {
  /** The stage's folder: boxes and the loader run in it, and `.run/` lies at the root of its workspace. */
  folder: string;
  /** Name of the run and of its folder in `.run/`; stage and variant unless told. */
  instance?: string;
  /** Scale of the seeded data; that of the data already there unless told, else `medium`. */
  scale?: Scale;
  /** The topology's own ports (`default`), free ones, or a base: the door gets it, the other ports follow it in order. */
  ports?: 'default' | 'free' | number;
  /** Show nothing of what the boxes write; it is in `.run/<instance>/logs/` either way. */
  quiet?: boolean;
  /** Delete `.run/<instance>` at the end. */
  throwAway?: boolean;
  /** Settings by box that win over the topology's. May hold placeholders. */
  env?: Record<string, Record<string, string>>;
  /** Start-up and data loading, one line at a time; standard error unless told. */
  onProgress?: (line: string) => void;
  /** Ends the start-up, or what is up, when aborted. */
  signal?: AbortSignal;
}

/** A topology that is up. */
export interface Instance {
  ready: ReadyFile;
  url: string;
  /** The process and first port of a box now; a restart changes the pid. */
  box(name: string): { pid: number; port: number | undefined };
  /** Ends all boxes in reverse order; resolves once nothing is left. */
  stop(): Promise<void>;
  /** Resolves with why, should the instance end unasked. */
  exited: Promise<string>;
}

/**
 * Starts a topology and resolves when every box is ready.
 * @throws {BadInput} A taken port, an instance that is already up, a box that does not get ready, data of another scale.
 */
export function launch(topology: Topology, options: LaunchOptions): Promise<Instance> {
  throw new Error(`not yet: ${topology.stage} ${options.folder}`);
}
