import type { Arm, Result } from '../result.ts';
import { AXIS, type Chart } from './chart.ts';
import { armColor } from './colors.ts';
import { formatNumber, formatValue, resultId } from './format.ts';

/** What the bars show: the first of these that every arm has. */
const QUANTITIES: { title: string; unit: string; of(arm: Arm): number | undefined }[] = [
  { title: 'CPU time for one answer', unit: 'µs', of: (arm) => arm.cpuPerRequestUs },
  { title: 'Time, median', unit: 'ms', of: (arm) => arm.latency?.p50 },
];

/** From this factor on, the shorter bars would vanish beside the longest: a table of such figures says more. */
const BAR = 30;

/** One bar an arm, where a claim has more than two: the rungs of a ladder, the sizes of a table. */
export function armsChart(result: Result): Chart | undefined {
  const { arms } = result;
  const quantity = QUANTITIES.find(({ of }) => arms.every((arm) => (of(arm) ?? 0) > 0));
  if (arms.length <= 2 || !quantity) return undefined;
  const bars = arms.map((arm) => ({ arm, value: quantity.of(arm) ?? 0 }));
  const least = Math.min(...bars.map(({ value }) => value));
  const text = (value: number) => formatValue(value, quantity.unit);
  const scale = Math.max(...bars.map(({ value }) => value)) / least > 100 ? 'logarithmic' : 'even';
  return {
    id: `${resultId(result)}-arms`,
    title: `${quantity.title}, arm by arm`,
    alt: `${quantity.title}. ${bars.map(({ arm, value }) => `${arm.label}: ${text(value)}`).join('. ')}.`,
    caption:
      scale === 'even'
        ? 'Shorter is less work.'
        : 'Shorter is less; the scale is logarithmic: each step of the same length is the same factor.',
    table: {
      head: ['arm', quantity.title, 'of the least'],
      rows: bars.map(({ arm, value }) => [arm.label, text(value), `${formatNumber(value / least)}×`]),
    },
    height: (width) => 16 + bars.length * (width > 500 ? BAR + 8 : BAR + 26),
    option: (width) => optionOf(bars, result, { width, text, log: scale === 'logarithmic' }),
  };
}

/** Each bar has its name above it on a phone, and to its left where there is room. */
function optionOf(
  bars: { arm: Arm; value: number }[],
  result: Result,
  { width, text, log }: { width: number; text(value: number): string; log: boolean },
) {
  const wide = width > 500;
  const least = Math.min(...bars.map(({ value }) => value));
  // Where the arms have a line each in another chart, the bars take its colour; else colours would mean nothing.
  const lines = bars.every(({ arm }) => arm.latency);
  const colorOf = (arm: Arm) => (lines ? armColor(arm, result) : 'var(--after)');
  const length = (value: number) => (log ? Math.log10(value / least) + 0.25 : value);
  return {
    grid: { top: 8, left: wide ? 290 : 4, right: 90, bottom: 8 },
    xAxis: { type: 'value', show: false, min: 0, max: Math.max(...bars.map(({ value }) => length(value))) },
    yAxis: {
      ...AXIS,
      ...{ type: 'category', inverse: true, data: bars.map(({ arm }) => arm.label), splitLine: { show: false } },
      axisLabel: {
        ...AXIS.axisLabel,
        show: wide,
        color: 'var(--ink)',
        fontSize: 13,
        width: 270,
        overflow: 'break',
        interval: 0,
      },
    },
    series: [
      {
        ...{ type: 'bar', silent: true, barWidth: wide ? BAR - 8 : BAR - 12 },
        data: bars.map(({ arm, value }) => ({ value: length(value), itemStyle: { color: colorOf(arm) } })),
        label: {
          ...{ show: true, position: 'right', color: 'var(--ink)', fontSize: 13 },
          formatter: ({ dataIndex }: { dataIndex: number }) => text(bars[dataIndex]?.value ?? 0),
        },
      },
      ...(wide ? [] : [names(bars)]),
    ],
  };
}

/** Bars of no length that carry the names above the real ones. */
function names(bars: { arm: Arm }[]) {
  return {
    ...{ type: 'bar', silent: true, barGap: '-100%', barWidth: BAR - 12, z: 3 },
    data: bars.map(() => 0),
    label: {
      ...{ show: true, position: 'right', distance: 0, offset: [0, -19], color: 'var(--ink)', fontSize: 12 },
      formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.arm.label ?? '',
    },
  };
}
