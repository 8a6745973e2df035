/** Entries are kept for so many times the longest lag that is asked for. */
const KEPT_FOR = 10;

/**
 * How far copies are behind, in time, without taking their word for it. A copy that is paused, slow, or cut off from its
 * primary knows of nothing that it lacks, and tells of no lag at all. So the primary's positions are written down with the
 * time they were seen at, and a copy is as old as the oldest of them that it has not reached.
 */
export class LagLedger {
  readonly #entries: { position: string; at: number }[] = [];
  readonly #keptMs: number;
  #seenAt = 0;

  /** @param mostMs - The longest lag that is to be told apart, in milliseconds. */
  constructor(mostMs: number) {
    this.#keptMs = mostMs * KEPT_FOR;
  }

  /** Notes where the primary stood at a time. */
  note(position: string, at: number): void {
    this.#seenAt = at;
    if (position > (this.#entries.at(-1)?.position ?? '')) this.#entries.push({ position, at });
    // The last one that is too old stays: it tells that whoever has not reached it is at least so old.
    while ((this.#entries[1]?.at ?? at) < at - this.#keptMs) this.#entries.shift();
  }

  /**
   * The lag of a copy, in milliseconds, as of the moment the primary was last seen. It does not grow while there is no
   * primary: nobody gets further behind then, and the copies are all that is left to read from.
   */
  of(position: string): number {
    const missing = this.#entries.find((entry) => entry.position > position);
    return missing ? this.#seenAt - missing.at : 0;
  }
}
