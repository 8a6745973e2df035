/** How large a finale is wanted. */
export interface Wishes {
  /** Requests a second. */
  rate: number;
  /** Connections that are open meanwhile and ask for nothing. */
  visitors: number;
  seconds: number;
}

/** What the guide promises; a smaller run is a try, of which no goal is judged. */
export const PROMISED: Wishes = { rate: 10_000, visitors: 100_000, seconds: 60 };
/** With faults half as much is asked for, and no more than half of what is held: what fails then failed by a fault. */
export const PROMISED_WITH_FAULTS: Wishes = { rate: 5_000, visitors: 10_000, seconds: 300 };

export function isAtLeast(wishes: Wishes, promised: Wishes): boolean {
  return wishes.rate >= promised.rate && wishes.visitors >= promised.visitors && wishes.seconds >= promised.seconds;
}
