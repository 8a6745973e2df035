import type { Instance } from '@day90/infra';

/** The line by which members.ts says that the pool of members is being logged in, and that it is. */
const BEGUN = 'day90: logging members in';
const DONE = 'day90: members are logged in';

/**
 * Lifts the budgets of all boxes until a load is half through its warm-up: in a budget, compiling the app and hashing 200
 * passwords would take many times as long as the warm-up has.
 */
export class BudgetsUnderLoad {
  readonly #limits: { instance: Instance; name: string; share: number }[];
  readonly #waitMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(instances: Instance[], warmupSeconds: number) {
    this.#limits = instances.flatMap((instance) =>
      instance.ready.boxes.flatMap(({ name, cpuLimit: share }) =>
        share === undefined ? [] : [{ instance, name, share }],
      ),
    );
    this.#waitMs = (warmupSeconds * 1000) / 2;
    for (const { instance, name } of this.#limits) instance.setCpu(name, undefined);
    this.#wait();
  }

  /** Takes in what k6 says: its load begins once the members are logged in. */
  heard(line: string): void {
    if (line.includes(BEGUN)) clearTimeout(this.#timer);
    if (line.includes(DONE)) this.#wait();
  }

  /** No budget is set any more. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const { instance, name, share } of this.#limits) instance.setCpu(name, share);
    }, this.#waitMs);
  }
}
