import type { Result } from '../result.ts';

/** How many of some pairs say the opposite of what their run says. */
interface WrongSigns {
  wrong: number;
  of: number;
}

/** A run's pairs as they were taken, each of one moment; and torn apart, each side beside every other moment of the other side. */
export interface TornPairs {
  together: WrongSigns;
  apart: WrongSigns;
}

/**
 * Takes the pairs of a result apart, as whoever measures one side after the other does without knowing it.
 * @returns undefined for a result without blocks, such as one of exact counts.
 */
export function tornPairs({ blocks, estimate, moreIsBetter }: Result): TornPairs | undefined {
  const kept = blocks.filter(({ dropped }) => !dropped);
  if (kept.length < 2) return undefined;
  const contradicts = (before: number, after: number) =>
    (moreIsBetter ? after > before : before > after) !== estimate > 1;
  let [together, apart] = [0, 0];
  for (const [i, { before }] of kept.entries()) {
    for (const [k, { after }] of kept.entries()) {
      if (!contradicts(before, after)) continue;
      if (i === k) together += 1;
      else apart += 1;
    }
  }
  return {
    together: { wrong: together, of: kept.length },
    apart: { wrong: apart, of: kept.length * (kept.length - 1) },
  };
}
