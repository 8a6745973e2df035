/** Tags in one call to Redis. */
const TAGS_AT_ONCE = 500;
const RETRY_MS = 100;

/**
 * Invalidations that Redis has not confirmed. They are tried again until it does: a delete that is lost with its reply would
 * leave the old value for the whole life of its entry.
 */
export class Invalidations {
  readonly #drop: (tags: string[]) => Promise<boolean>;
  readonly #forgetAfterMs: number;
  /** Tags, oldest first, with the time of their last invalidation. */
  readonly #open = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param drop - Resolves with whether Redis has done it.
   * @param forgetAfterMs - Time after which no entry from before can be left.
   */
  constructor(drop: (tags: string[]) => Promise<boolean>, forgetAfterMs: number) {
    this.#drop = drop;
    this.#forgetAfterMs = forgetAfterMs;
  }

  /** Whether an invalidation of this tag is open; without a tag, whether any is. */
  open(tag?: string): boolean {
    return tag === undefined ? this.#open.size > 0 : this.#open.has(tag);
  }

  /** Resolves after the first try. */
  async add(tags: string[]): Promise<void> {
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
    if (await this.#drop(tags)) {
      // A tag that was invalidated once more meanwhile has another time, and stays.
      for (const [tag, time] of asked) if (this.#open.get(tag) === time) this.#open.delete(tag);
    }
    if (this.open() && !this.#timer) this.#timer = setTimeout(() => void this.#again(), RETRY_MS).unref();
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
