import { AXIS, type Chart, LEGEND } from '../../report/chart.ts';
import { formatEstimate, formatNumber } from '../../report/format.ts';
import { type LogAxis, logAxis } from '../../report/log-axis.ts';
import type { Result } from '../../result.ts';
import type { LadderRow } from '../ladder.ts';

/** The ratio of each step's headline claim with its interval, this machine's and the repository's. Nothing where there is no ratio. */
export function ladderChart(ladder: readonly LadderRow[]): Chart | undefined {
  const rows = ladder.filter(({ ours, yours }) => sound(ours) || sound(yours));
  if (rows.length === 0) return undefined;
  const told = (result: Result | undefined) => (sound(result) ? formatEstimate(result) : '–');
  return {
    id: 'ladder',
    title: 'Each step against the one before it',
    alt: `Ratio of each step's headline claim. ${rows
      .map(({ stage, claim, ours, yours }) => `${stage}, ${claim}: here ${told(yours)}, ours ${told(ours)}`)
      .join('. ')}.`,
    caption:
      'Ratios above 1 are in favour of the step. The bar is the 95 % interval, the axis is logarithmic: each claim has its own quantity, so compare a step with itself, and not with its neighbours.',
    table: {
      head: ['step', 'claim', 'here', 'ours'],
      rows: rows.map(({ stage, claim = '', ours, yours }) => [stage, claim, told(yours), told(ours)]),
    },
    height: () => 90 + rows.length * 44,
    option: (width) => optionOf(rows, width),
  };
}

function sound(result: Result | undefined): result is Result {
  return result !== undefined && result.verdict !== 'void' && result.lo > 0;
}

const SIDES = [
  { name: 'here', of: (row: LadderRow) => row.yours, color: 'var(--after)', symbol: 'circle', shift: -0.14 },
  { name: 'ours', of: (row: LadderRow) => row.ours, color: 'var(--quiet)', symbol: 'diamond', shift: 0.14 },
];

function optionOf(rows: readonly LadderRow[], width: number) {
  const results = rows.flatMap(({ ours, yours }) => [ours, yours].filter(sound));
  const axis = logAxis(
    [1, ...results.flatMap(({ lo, hi }) => [lo, hi])],
    (value) => `${formatNumber(value)}×`,
    width > 500 ? 5 : 3,
  );
  const sides = SIDES.filter(({ of }) => rows.some((row) => sound(of(row))));
  return {
    legend: { ...LEGEND, data: sides.map(({ name }) => name) },
    grid: { top: 34, left: 70, right: 24, bottom: 36 },
    xAxis: {
      ...AXIS,
      ...{ type: 'value', min: axis.min, max: axis.max },
      axisLabel: { ...AXIS.axisLabel, customValues: axis.ticks, formatter: axis.label },
      axisTick: { show: false, customValues: axis.ticks },
      splitLine: { ...AXIS.splitLine, customValues: axis.ticks },
    },
    yAxis: {
      ...AXIS,
      ...{ type: 'value', min: -0.5, max: rows.length - 0.5, inverse: true, splitLine: { show: false } },
      axisLabel: {
        ...AXIS.axisLabel,
        color: 'var(--ink)',
        customValues: rows.map((_, i) => i),
        formatter: (i: number) => rows[i]?.stage ?? '',
      },
      axisTick: { show: false, customValues: rows.map((_, i) => i) },
    },
    series: [
      ...sides.flatMap((side) => [...intervals(rows, side, axis), estimates(rows, side, axis)]),
      {
        ...{ type: 'line', silent: true, symbol: 'none', data: [] },
        markLine: {
          ...{ silent: true, symbol: 'none', label: { show: false }, data: [{ xAxis: axis.at(1) }] },
          lineStyle: { color: 'var(--ink)', type: 'dashed', width: 1.5 },
        },
      },
    ],
  };
}

type Side = (typeof SIDES)[number];

function intervals(rows: readonly LadderRow[], { of, color, shift }: Side, axis: LogAxis) {
  return rows.flatMap((row, i) => {
    const result = of(row);
    if (!sound(result)) return [];
    const ends = [result.lo, result.hi].map((value) => [axis.at(value), i + shift]);
    return [{ type: 'line', silent: true, symbol: 'none', lineStyle: { color, width: 4 }, data: ends }];
  });
}

function estimates(rows: readonly LadderRow[], { name, of, color, symbol, shift }: Side, axis: LogAxis) {
  return {
    ...{ type: 'scatter', name, silent: true, symbol, symbolSize: 11, itemStyle: { color } },
    data: rows.flatMap((row, i) => {
      const result = of(row);
      return sound(result) ? [[axis.at(result.estimate), i + shift]] : [];
    }),
  };
}
