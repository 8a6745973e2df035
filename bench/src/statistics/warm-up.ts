import { mad, median } from './describe.ts';

/** Leading blocks whose median is compared. A median of five strays beyond 2 MAD by chance in about 1 run of 100. */
const WINDOW = 5;

/**
 * How many leading values are still warm-up: they are dropped one by one while the median of the next five differs
 * from the median of the last half of the series by more than twice that half's median absolute deviation.
 * @returns 0 … the length; more than half of it means that the series never settled.
 */
export function warmUpLength(series: readonly number[]): number {
  const settled = series.slice(Math.floor(series.length / 2));
  const target = median(settled);
  const tolerance = 2 * mad(settled);
  let dropped = 0;
  while (dropped < series.length && Math.abs(median(series.slice(dropped, dropped + WINDOW)) - target) > tolerance) {
    dropped++;
  }
  return dropped;
}
