import type { Progress } from './progress.ts';

/** Changes of one instance, which would get in one another's way: each begins when the one before has ended. */
export class OneAtATime {
  readonly #ending: AbortSignal;
  #last: Promise<unknown> = Promise.resolve();
  #busy = 0;

  /** @param ending - Once aborted no change begins; those that wait reject with its reason. */
  constructor(ending: AbortSignal) {
    this.#ending = ending;
  }

  run(say: Progress, work: () => Promise<void>): Promise<void> {
    if (this.#busy > 0) say('waiting for another change of this instance to end');
    this.#busy += 1;
    const turn = this.#last.then(async () => {
      try {
        this.#ending.throwIfAborted();
        await work();
      } finally {
        this.#busy -= 1;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
