import type { BudgetUsage } from './budget.ts';

/** How often the books are read: a scope that ends takes its own along. */
const LOOK_MS = 500;

/**
 * What a box has used over all its scopes, one for each of its starts. One that ended counts as it was read last, which for one
 * that ended unasked is half a second before, at most.
 */
export class ScopeBooks {
  readonly #read: (box: string) => BudgetUsage | undefined;
  readonly #ended = new Map<string, BudgetUsage | undefined>();
  readonly #running = new Map<string, BudgetUsage>();
  readonly #looking: NodeJS.Timeout;

  /** @param read - What the scope that a box has now has used; undefined when it has none, or none any more. */
  constructor(read: (box: string) => BudgetUsage | undefined) {
    this.#read = read;
    this.#looking = setInterval(() => this.#lookAtAll(), LOOK_MS).unref();
  }

  /** What it has used so far. */
  look(box: string): BudgetUsage | undefined {
    const usage = this.#read(box);
    if (usage) this.#running.set(box, usage);
    return sum(this.#ended.get(box), this.#running.get(box));
  }

  /** From now on it has another scope. */
  next(box: string): void {
    this.#ended.set(box, this.look(box));
    this.#running.delete(box);
  }

  close(): void {
    clearInterval(this.#looking);
  }

  #lookAtAll(): void {
    for (const box of this.#ended.keys()) this.look(box);
  }
}

function sum(a: BudgetUsage | undefined, b: BudgetUsage | undefined): BudgetUsage | undefined {
  if (!a || !b) return a ?? b;
  return {
    cpuMicros: a.cpuMicros + b.cpuMicros,
    periods: a.periods + b.periods,
    throttledPeriods: a.throttledPeriods + b.throttledPeriods,
  };
}
