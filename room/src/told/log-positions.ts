/** The longest lag that is told, in milliseconds: what is older is no better known. */
const LONGEST_MS = 120_000;

/**
 * How late copies of a log are, without taking their word for it: one that is paused or cut off knows of nothing that it lacks. So where
 * the primary stood is written down with the time, and a copy is as old as the oldest place that it has not reached.
 */
export class LogPositions {
  #seen: { position: bigint; at: number }[] = [];

  /** Notes where the primary stands. @param at - A clock that goes on evenly, in milliseconds. */
  note(position: bigint, at: number): void {
    if (position > (this.#seen.at(-1)?.position ?? -1n)) this.#seen.push({ position, at });
    // The last one that is too old stays: it tells that whoever has not reached it is at least so late.
    while ((this.#seen[1]?.at ?? at) < at - LONGEST_MS) this.#seen.shift();
  }

  /** Milliseconds that a copy is behind. */
  behind(position: bigint, now: number): number {
    const missing = this.#seen.find((one) => one.position > position);
    return missing ? now - missing.at : 0;
  }
}

/** `16/B374D848`, as Postgres writes a place in its log, as a number. @see https://www.postgresql.org/docs/current/datatype-pg-lsn.html */
export function positionOf(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
