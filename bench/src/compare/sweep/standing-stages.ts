import type { Stage } from '@day90/infra';
import { type Skipped, skippedFor } from '../skipped.ts';
import { type StartOptions, startStage, type UpStage } from './up-stage.ts';

/** The stages that are up, each started when it is first needed. */
export class StandingStages {
  /** Those that could not be started, and why. */
  readonly skipped: Skipped[] = [];
  readonly #up = new Map<string, UpStage>();
  readonly #options: StartOptions;

  constructor(options: StartOptions) {
    this.#options = options;
  }

  /**
   * The stage, up; nothing where it can't be started, which is noted.
   * @throws The signal's reason when that is aborted.
   */
  async get(stage: Stage): Promise<UpStage | undefined> {
    const known = this.#up.get(stage.name);
    if (known) return known;
    this.#options.onProgress(`starting ${stage.name}`);
    try {
      const up = await startStage(stage, this.#options);
      this.#up.set(stage.name, up);
      return up;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.skipped.push(skippedFor(stage.name, error));
      return undefined;
    }
  }

  async stop(stage: Stage): Promise<void> {
    const up = this.#up.get(stage.name);
    this.#up.delete(stage.name);
    await up?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#up.values()].map((up) => up.stop()));
    this.#up.clear();
  }
}
