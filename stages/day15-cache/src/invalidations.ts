import { later } from '@day90/core';

/** Tags in one call to Redis. */
const TAGS_AT_ONCE = 500;
const RETRY_MS = 100;

/** Resolves with whether Redis has ended these tags, and knows the position of the write; an empty one is unknown. */
type Drop = (tags: string[], position: string) => Promise<boolean>;

/**
 * Invalidations that Redis has not confirmed. They are tried again until it does: a delete that is lost with its reply would
 * leave the old value for the whole life of its entry.
 */
export class Invalidations {
  readonly #drop: Drop;
  readonly #forgetAfterMs: number;
  /** Tags, oldest first, with the time of their last invalidation. */
  readonly #open = new Map<string, number>();
  /** The latest of their positions; empty once one is unknown. */
  #position: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param forgetAfterMs - Time after which no entry from before can be left.
   */
  constructor(drop: Drop, forgetAfterMs: number) {
    this.#drop = drop;
    this.#forgetAfterMs = forgetAfterMs;
  }

  /** Whether an invalidation of this tag is open; without a tag, whether any is. */
  open(tag?: string): boolean {
    return tag === undefined ? this.#open.size > 0 : this.#open.has(tag);
  }

  /** Resolves after the first try. @param position - Where the database stood after the write. */
  async add(tags: string[], position: string): Promise<void> {
    const known = this.#position ?? position;
    this.#position = known && position && later(known, position);
    const now = performance.now();
    for (const tag of tags) {
      this.#open.delete(tag); // to the end of the line
      this.#open.set(tag, now);
    }
    await this.#try(tags);
  }

  /** Tries once more what is open, and gives up the rest. */
  async close(): Promise<void> {
    if (this.open()) await this.#try([...this.#open.keys()].slice(0, TAGS_AT_ONCE));
    clearTimeout(this.#timer);
    this.#open.clear();
  }

  async #try(tags: string[]): Promise<void> {
    const asked = tags.map((tag) => [tag, this.#open.get(tag)] as const);
    if (await this.#drop(tags, this.#position ?? '')) {
      // A tag that was invalidated once more meanwhile has another time, and stays.
      for (const [tag, time] of asked) if (this.#open.get(tag) === time) this.#open.delete(tag);
    }
    if (!this.open()) this.#position = undefined;
    else if (!this.#timer) this.#timer = setTimeout(() => void this.#again(), RETRY_MS).unref();
  }

  async #again(): Promise<void> {
    this.#timer = undefined;
    const longAgo = performance.now() - this.#forgetAfterMs;
    for (const [tag, time] of this.#open) {
      if (time > longAgo) break;
      this.#open.delete(tag);
    }
    if (this.open()) await this.#try([...this.#open.keys()].slice(0, TAGS_AT_ONCE));
  }
}
