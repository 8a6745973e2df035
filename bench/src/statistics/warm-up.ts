import { mad, median } from './describe.ts';

/** Leading blocks whose median is compared: the fewest that one stray block cannot move. */
const WINDOW = 3;

/** Brings the MAD of normal noise to its standard deviation, so that "2 MAD" means as much as two of those. */
const MAD_TO_SIGMA = 1.4826;

/**
 * How many leading values are still warm-up: they are dropped one by one while the median of the next three differs
 * from the median of the last half of the series by more than twice that half's (scaled) median absolute deviation.
 * A settled series of 30 loses blocks by chance in about 1 of 25.
 * @returns 0 … the length; more than half of it means that the series never settled.
 * @see https://doi.org/10.1080/01621459.1993.10476408 — Rousseeuw and Croux 1993: the factor 1.4826
 */
export function warmUpLength(series: readonly number[]): number {
  const settled = series.slice(Math.floor(series.length / 2));
  const target = median(settled);
  const tolerance = 2 * MAD_TO_SIGMA * mad(settled);
  const strays = (value: number) => Math.abs(value - target) > tolerance;
  let dropped = 0;
  while (dropped < series.length && strays(median(series.slice(dropped, dropped + WINDOW)))) dropped++;
  // The last block of a warm-up cannot move a median of three: it goes by itself.
  while (dropped > 0 && dropped < series.length && strays(series[dropped] as number)) dropped++;
  return dropped;
}
