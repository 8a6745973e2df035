import type { Rig } from '@day90/bench/drill';
import { leadersOf } from './as-operator.ts';

const LOOK_EVERY_MS = 100;

/** Asks all nodes, all the time, which of them take writes. */
export class LeaderWatch {
  readonly #rig: Rig;
  readonly #loop: Promise<void>;
  #most = 0;
  #ended = false;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#loop = this.#look();
    this.#loop.catch(() => undefined); // it ends with the drill: who waits for `end` hears of it
  }

  /** How many took writes at once, at most. */
  async end(): Promise<number> {
    this.#ended = true;
    await this.#loop;
    return this.#most;
  }

  async #look(): Promise<void> {
    while (!this.#ended) {
      const first = await leadersOf(this.#rig);
      // One may have answered just before it died, and another just after it took over: two that lead do so twice.
      const again = first.length > 1 ? await leadersOf(this.#rig) : first;
      this.#most = Math.max(this.#most, Math.min(first.length, again.length));
      await this.#rig.sleep(LOOK_EVERY_MS);
    }
  }
}
