import { lookAgain, type Rig } from '@day90/bench/drill';
import { leadersOf } from './as-operator.ts';

const LOOK_EVERY_MS = 100;

/** Asks all nodes, all the time, which of them take writes. */
export class LeaderWatch {
  readonly #rig: Rig;
  readonly #endLooking: () => Promise<void>;
  #most = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#endLooking = lookAgain(rig, LOOK_EVERY_MS, () => this.#look());
  }

  /** How many took writes at once, at most. */
  async end(): Promise<number> {
    await this.#endLooking();
    return this.#most;
  }

  async #look(): Promise<void> {
    const first = await leadersOf(this.#rig);
    // One may have answered just before it died, and another just after it took over: two that lead do so twice.
    const again = first.length > 1 ? await leadersOf(this.#rig) : first;
    this.#most = Math.max(this.#most, Math.min(first.length, again.length));
  }
}
