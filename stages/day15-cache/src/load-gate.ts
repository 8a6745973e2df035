import { later } from '@day90/core';
import { Gate } from './gate.ts';

/** Loads that run at once in one process, and those that may wait for their turn. */
const AT_ONCE = 20;
const IN_LINE = 500;

/** @param floor - Position of the database that it must see, for all who share it. */
type SharedLoad<T> = (floor: string) => Promise<T>;

interface Round {
  /** Resolves when its load has ended, however it did. */
  ended: Promise<void>;
  next?: NextLoad;
}

/** The load after a round, for all who came meanwhile, under the latest of the floors they came with. */
interface NextLoad {
  floor: string;
  run: Promise<unknown>;
}

/**
 * Keeps an empty or missing cache from becoming the database's end. Without a bound everything that the cache used to
 * answer arrives there at once, each load slows the others down, and the database never gets back on its feet.
 * @see https://www.usenix.org/conference/osdi22/presentation/huang-lexiang (metastable failures)
 */
export class LoadGate {
  readonly #gate = new Gate(AT_ONCE, IN_LINE, 'The database has more to load than it can.');
  readonly #rounds = new Map<string, Round>();

  /** Runs a load when there is room for it. @throws {UnavailableError} When the line is full, too. */
  run<T>(load: () => Promise<T>): Promise<T> {
    return this.#gate.run(load);
  }

  /**
   * Runs the loads of one key one after the other. Who comes while one runs shares the next with all others who do, and
   * never the running one: it may have read the database before a write that this caller knows of.
   */
  inRounds<T>(key: string, floor: string, load: SharedLoad<T>): Promise<T> {
    const round = this.#rounds.get(key);
    if (!round) return this.#start(key, () => load(floor));
    if (!round.next) {
      const next: NextLoad = { floor, run: round.ended.then(() => this.#start(key, () => load(next.floor))) };
      round.next = next;
    }
    round.next.floor = later(round.next.floor, floor);
    return round.next.run as Promise<T>;
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
