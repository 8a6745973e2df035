import { UnavailableError } from '@day90/core';

/** Loads that run at once in one process, and those that may wait for their turn. */
const AT_ONCE = 20;
const IN_LINE = 500;

interface Round {
  /** Resolves when its load has ended, however it did. */
  ended: Promise<void>;
  /** The load after it, for all who came meanwhile. */
  next?: Promise<unknown>;
}

/**
 * Keeps an empty or missing cache from becoming the database's end. Without a bound everything that the cache used to
 * answer arrives there at once, each load slows the others down, and the database never gets back on its feet.
 * @see https://www.usenix.org/conference/osdi22/presentation/huang-lexiang (metastable failures)
 */
export class LoadGate {
  #running = 0;
  readonly #line: (() => void)[] = [];
  readonly #rounds = new Map<string, Round>();

  /** Runs a load when there is room for it. @throws {UnavailableError} When the line is full, too. */
  async run<T>(load: () => Promise<T>): Promise<T> {
    if (this.#running < AT_ONCE) this.#running += 1;
    else if (this.#line.length >= IN_LINE) throw new UnavailableError('The database has more to load than it can.');
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await load();
    } finally {
      const next = this.#line.shift(); // takes over the room, so that nobody slips in between
      if (next) next();
      else this.#running -= 1;
    }
  }

  /**
   * Runs the loads of one key one after the other. Who comes while one runs shares the next with all others who do, and
   * never the running one: it may have read the database before a write that this caller knows of.
   */
  inRounds<T>(key: string, load: () => Promise<T>): Promise<T> {
    const round = this.#rounds.get(key);
    if (!round) return this.#start(key, load);
    round.next ??= round.ended.then(() => this.#start(key, load));
    return round.next as Promise<T>;
  }

  #start<T>(key: string, load: () => Promise<T>): Promise<T> {
    const run = this.run(load);
    const settled = run.then(
      () => undefined,
      () => undefined,
    );
    const round: Round = {
      ended: settled.then(() => {
        if (!round.next) this.#rounds.delete(key);
      }),
    };
    this.#rounds.set(key, round);
    return run;
  }
}
