import type { Arm, Result } from '../result.ts';
import { AXIS, type Chart, LEGEND } from './chart.ts';
import { armColor } from './colors.ts';
import { formatCount, formatValue, resultId } from './format.ts';
import { logAxis } from './log-axis.ts';

type TimedArm = Arm & { latency: NonNullable<Arm['latency']> };

const ROWS = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/** How the times of each arm spread: for each time, the share of answers that were there by then. Nothing where no arm was timed. */
export function latencyChart(result: Result): Chart | undefined {
  const arms = result.arms.filter((arm): arm is TimedArm => !!arm.latency?.percentiles.every((value) => value > 0));
  if (arms.length === 0) return undefined;
  return {
    id: `${resultId(result)}-times`,
    title: 'How the times spread',
    alt: altOf(arms),
    caption:
      'The line of an arm reaches a share when that part of its answers was there. Further left is faster; the time axis is logarithmic, from the 1st to the 99th percentile.',
    table: { head: ['percentile', ...arms.map(labelOf)], rows: rowsOf(arms) },
    height: (width) => (width > 500 ? 340 : 300) + legendHeight(arms, width),
    option: (width) => optionOf(arms, result, width),
  };
}

function optionOf(arms: TimedArm[], result: Result, width: number) {
  const axis = logAxis(
    arms.flatMap((arm) => arm.latency.percentiles),
    (value) => formatValue(value, 'ms'),
    width > 500 ? 4 : 3,
  );
  return {
    legend: { ...LEGEND, orient: width > 500 ? 'horizontal' : 'vertical', data: arms.map(labelOf) },
    grid: { top: legendHeight(arms, width) + 16, left: 52, right: 24, bottom: 48 },
    xAxis: {
      ...AXIS,
      ...{ type: 'value', min: axis.min, max: axis.max, name: 'time', nameLocation: 'middle', nameGap: 30 },
      axisLabel: { ...AXIS.axisLabel, customValues: axis.ticks, formatter: axis.label },
      axisTick: { show: false, customValues: axis.ticks },
      splitLine: { ...AXIS.splitLine, customValues: axis.ticks },
    },
    yAxis: { ...AXIS, type: 'value', min: 0, max: 100, axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' } },
    series: arms.map((arm) => ({
      type: 'line',
      name: labelOf(arm),
      ...{ silent: true, showSymbol: false, symbol: 'none' },
      data: arm.latency.percentiles.map((value, index) => [axis.at(value), index + 1]),
      lineStyle: { color: armColor(arm, result), width: 2.5, type: arm.name === 'before' ? 'dashed' : 'solid' },
      itemStyle: { color: armColor(arm, result) },
    })),
  };
}

function legendHeight(arms: TimedArm[], width: number): number {
  return width > 500 ? 26 * Math.ceil(arms.length / 3) : 24 * arms.length;
}

function labelOf(arm: Arm): string {
  return arm.label.startsWith(arm.name) || (arm.name !== 'before' && arm.name !== 'after')
    ? arm.label
    : `${arm.name}: ${arm.label}`;
}

function rowsOf(arms: TimedArm[]): (string | number)[][] {
  const percentiles = ROWS.map((p) => [
    `p${p}`,
    ...arms.map(({ latency }) => formatValue(latency.percentiles[p - 1] ?? Number.NaN, 'ms')),
  ]);
  return [
    ...percentiles,
    ['largest', ...arms.map(({ latency }) => formatValue(latency.max, 'ms'))],
    ['mean', ...arms.map(({ latency }) => formatValue(latency.mean, 'ms'))],
    ['times taken', ...arms.map(({ latency }) => formatCount(latency.count))],
  ];
}

function altOf(arms: TimedArm[]): string {
  const each = arms.map(
    (arm) =>
      `${labelOf(arm)}: half within ${formatValue(arm.latency.p50, 'ms')}, 95 of 100 within ${formatValue(arm.latency.p95, 'ms')}, 99 of 100 within ${formatValue(arm.latency.p99, 'ms')}`,
  );
  return `Spread of the times. ${each.join('. ')}.`;
}
