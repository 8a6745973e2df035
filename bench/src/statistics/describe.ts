import type { Arm } from '../result.ts';

/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Variance with n − 1 below the line; NaN of fewer than two values. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / (values.length - 1);
}

/**
 * The `p` quantile of values that are already sorted, ascending; NaN of nothing.
 * Linear between neighbours: type 7 of Hyndman and Fan, what R, NumPy and k6 use.
 * @see https://doi.org/10.1080/00031305.1996.10473566
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** Median absolute deviation from the median, unscaled (a normal spread of 1 has 0.674); NaN of nothing. */
export function mad(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

/** What an {@link Arm} says of its latencies. Unit: that of `values`, milliseconds in a result. */
export function latencyOf(values: readonly number[]): NonNullable<Arm['latency']> {
  const sorted = ascending(values);
  const at = (p: number) => quantile(sorted, p);
  return {
    count: sorted.length,
    mean: mean(sorted),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    percentiles: Array.from({ length: 99 }, (_, index) => at((index + 1) / 100)),
  };
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
