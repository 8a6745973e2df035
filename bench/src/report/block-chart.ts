import type { Result } from '../result.ts';
import { AXIS, type Chart, LEGEND } from './chart.ts';
import { formatEstimate, formatGoal, formatNumber, formatValue, ratioOf, resultId } from './format.ts';
import { type LogAxis, logAxis } from './log-axis.ts';

/** A block as it is drawn: seconds since the start, and a ratio. */
type Point = [seconds: number, ratio: number];

/** Ratio of the arms block by block, with the interval, the noise floor and the A/A ratios. Nothing where there are no blocks. */
export function blockChart(result: Result): Chart | undefined {
  const { blocks, method, floor } = result;
  if (blocks.length < 2 || blocks.some(({ before, after }) => !(before > 0 && after > 0))) return undefined;
  const kept = blocks.filter((block) => !block.dropped).length;
  const labels = blocks.some((block) => block.aa);
  return {
    id: `${resultId(result)}-blocks`,
    title: 'Block by block',
    alt: `Ratio ${result.moreIsBetter ? 'after to before' : 'before to after'} in ${blocks.length} blocks, ${kept} of them counted: ${formatEstimate(result)}. Equal arms stay within ${formatNumber(floor)}×.`,
    caption: [
      'Each point is one block of both arms at the same time. The coloured band is the 95 % interval of the ratio, ',
      `the grey one the noise floor: ratios that ${method.aa ? 'two random halves of the after arm show, too' : 'are too small to claim'}.`,
      kept < blocks.length && ' Hollow points are warm-up, or void, and do not count.',
    ],
    table: {
      head: ['start', 'before', 'after', 'ratio', ...(labels ? ['A/A ratio'] : []), 'counted'],
      rows: blocks.map((block) => [
        `${formatNumber(block.t)} s`,
        formatValue(block.before, result.unit),
        formatValue(block.after, result.unit),
        `${formatNumber(ratioOf(block, result))}×`,
        ...(labels ? [block.aa ? `${formatNumber(block.aa[0] / block.aa[1])}×` : '–'] : []),
        block.dropped ? `no, ${block.why ?? 'warm-up'}` : 'yes',
      ]),
    },
    height: () => 340,
    option: (width) => optionOf(result, width),
  };
}

function optionOf(result: Result, width: number) {
  const { blocks, lo, hi, floor, goal } = result;
  const ratio = (block: { before: number; after: number }) => ratioOf(block, result);
  const pointsOf = (dropped: boolean): Point[] =>
    blocks.filter((block) => block.dropped === dropped).map((block) => [block.t, ratio(block)]);
  const labels: Point[] = blocks.flatMap(({ t, aa }) => (aa && aa[0] > 0 && aa[1] > 0 ? [[t, aa[0] / aa[1]]] : []));
  const values = [...blocks.map(ratio), ...labels.map(([, value]) => value), lo, hi, floor, 1 / floor];
  const axis = logAxis(
    [...values, ...(goal ? [goal.value] : [])].filter((value) => value > 0),
    ratioLabel,
  );
  const last = blocks.at(-1)?.t ?? 0;
  const seconds = { min: 0, max: last + (result.method.blockSeconds || 1) };
  return {
    legend: { ...LEGEND, data: ['ratio of a block', ...(labels.length > 0 ? ['A/A ratio of a block'] : [])] },
    grid: { top: 42, left: 60, right: width > 500 ? 110 : 16, bottom: 48 },
    xAxis: {
      ...AXIS,
      ...{ type: 'value', ...seconds, name: 'seconds since the load began', nameLocation: 'middle', nameGap: 30 },
      axisLabel: { ...AXIS.axisLabel, showMaxLabel: false },
      splitLine: { show: false },
    },
    yAxis: {
      ...AXIS,
      ...{ type: 'value', min: axis.min, max: axis.max },
      axisLabel: { ...AXIS.axisLabel, customValues: axis.ticks, formatter: axis.label },
      axisTick: { show: false, customValues: axis.ticks },
      splitLine: { ...AXIS.splitLine, customValues: axis.ticks },
    },
    series: [
      {
        ...points('A/A ratio of a block', labels, axis),
        itemStyle: { color: 'var(--quiet)' },
        symbolSize: 5,
        symbol: 'diamond',
      },
      {
        ...points('warm-up', pointsOf(true), axis),
        itemStyle: { color: 'var(--paper)', borderColor: 'var(--after)', borderWidth: 1.5 },
      },
      { ...points('ratio of a block', pointsOf(false), axis), ...marks(result, axis, width) },
    ],
  };
}

function points(name: string, data: Point[], axis: LogAxis) {
  return {
    ...{ type: 'scatter', name, silent: true, symbolSize: 8 },
    itemStyle: { color: 'var(--after)' },
    data: data.map(([seconds, value]) => [seconds, axis.at(value)]),
  };
}

/** The bands and lines behind the points; on a phone the lines go unlabelled, the table has their figures. */
function marks(result: Result, axis: LogAxis, width: number) {
  const { lo, hi, estimate, floor, goal } = result;
  const label = (text: string, color: string) => ({
    show: width > 500,
    position: 'end',
    formatter: text,
    color,
    fontSize: 12,
  });
  const line = (value: number, text: string, color: string, type: string) => ({
    yAxis: axis.at(value),
    lineStyle: { color, type, width: 1.5 },
    label: label(text, color),
  });
  const band = (from: number, to: number, color: string) => [
    { yAxis: axis.at(from), itemStyle: { color } },
    { yAxis: axis.at(to) },
  ];
  return {
    markArea: {
      silent: true,
      data: [band(1 / floor, floor, 'var(--floor-band)'), ...(hi > lo ? [band(lo, hi, 'var(--after-band)')] : [])],
    },
    markLine: {
      ...{ silent: true, symbol: 'none' },
      data: [
        line(estimate, formatEstimate(result).split(' ')[0] ?? '', 'var(--after)', 'solid'),
        ...(goal ? [line(goal.value, `goal ${formatGoal(goal, 'ratio')}`, 'var(--ink)', 'dashed')] : []),
      ],
    },
  };
}

function ratioLabel(value: number): string {
  return `${formatNumber(value)}×`;
}
