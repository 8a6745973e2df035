/** A logarithmic axis for ECharts, whose own one labels powers of ten only: values are drawn by {@link LogAxis.at}. */
export interface LogAxis {
  /** Where a value stands on the axis. */
  at(value: number): number;
  min: number;
  max: number;
  /** Positions of the labelled lines. */
  ticks: number[];
  /** The label of a position. */
  label(position: number): string;
}

/** From one line for a decade to six, the sparsest first. */
const STEPS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

/**
 * An axis that holds all `values` with a little room, labelled at round numbers.
 * @param values - All above 0.
 * @param format - The label of a value.
 * @param wanted - Least number of labels.
 */
export function logAxis(values: readonly number[], format: (value: number) => string, wanted = 4): LogAxis {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = Math.max(0.05 * Math.log10(most / least), 0.01);
  const [min, max] = [Math.log10(least) - room, Math.log10(most) + room];
  const ticks = ticksBetween(10 ** min, 10 ** max, wanted).map(Math.log10);
  return { at: Math.log10, min, max, ticks, label: (position) => format(round(10 ** position)) };
}

function ticksBetween(min: number, max: number, wanted: number): number[] {
  for (const steps of STEPS) {
    const ticks: number[] = [];
    for (let decade = Math.floor(Math.log10(min)); decade <= Math.ceil(Math.log10(max)); decade++) {
      for (const step of steps) ticks.push(round(step * 10 ** decade));
    }
    const inside = ticks.filter((tick) => tick >= min && tick <= max);
    if (inside.length >= wanted) return thinned(inside);
  }
  return evenTicks(min, max, wanted);
}

/** Less than half a decade: even steps are the rounder numbers. */
function evenTicks(min: number, max: number, wanted: number): number[] {
  const rough = (max - min) / wanted;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([5, 2, 1].find((factor) => size * factor <= rough) ?? 1);
  const ticks: number[] = [];
  for (let tick = Math.ceil(min / step) * step; tick <= max; tick += step) ticks.push(round(tick));
  return ticks;
}

/** No more than nine labels: every second, third … of them. */
function thinned(ticks: number[]): number[] {
  const every = Math.ceil(ticks.length / 9);
  return ticks.filter((_, index) => index % every === 0);
}

/** 0.30000000000000004 is 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
