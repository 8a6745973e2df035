import { AXIS, type Chart, LEGEND } from '../../report/chart.ts';
import { formatNumber, formatValue } from '../../report/format.ts';
import { type LogAxis, logAxis } from '../../report/log-axis.ts';
import type { Curve, CurvePoint } from '../sweep/curves.ts';
import { stageColor, stageSymbol } from './stage-looks.ts';

/** One quantity of all stages over the load. */
interface Shown {
  id: string;
  title: string;
  /** In words, for those who do not see it. */
  says: string;
  caption: string;
  of(point: CurvePoint): number | undefined;
  format(value: number): string;
}

const ms = (value: number) => formatValue(value, 'ms');

/** Latency against load, for visitors nearby: the chart that `compare` is about. */
export function nearChart(curves: readonly Curve[]): Chart {
  return sweepChart(curves, {
    id: 'sweep-near',
    title: 'Latency against load, visitors nearby: 95 of 100 answers within',
    says: 'Time within which 95 of 100 visitors nearby had their answer',
    caption: `Both axes are logarithmic. ${MARKS}`,
    of: (point) => point.nearP95,
    format: ms,
  });
}

/** The same load, as visitors far away see it. */
export function farChart(curves: readonly Curve[]): Chart {
  return sweepChart(curves, {
    id: 'sweep-far',
    title: 'The same load, visitors from Los Angeles: half of the answers within',
    says: 'Time within which half of the visitors from Los Angeles had their answer',
    caption: `One visitor in five is that far away: 200 ms there and back without an edge, 10 ms to one. ${MARKS}`,
    of: (point) => point.farP50,
    format: ms,
  });
}

/** What became of those who got no answer as expected. */
export function lostChart(curves: readonly Curve[]): Chart {
  return sweepChart(curves, {
    id: 'sweep-lost',
    title: 'Arrivals without an answer as expected',
    says: 'Share of the arrivals that were refused, timed out or dropped',
    caption:
      'Latency is that of answers as expected: what is not among them stands here, or a stage that refuses most would look fast. None at all is drawn at 0.01 %.',
    of: (point) => Math.max(LEAST_LOST, 1 - point.answered),
    format: (share) => `${formatNumber(100 * share)} %`,
  });
}

/** On a logarithmic axis nothing has no place. */
const LEAST_LOST = 0.0001;
const MARKS =
  'A ring marks the knee, where answers a second ÷ their time is largest. Hollow points lost more than 1 % of the arrivals, or had a machine that was full.';

function sweepChart(curves: readonly Curve[], shown: Shown): Chart {
  const rates = [...new Set(curves.flatMap(({ points }) => points.map(({ rate }) => rate)))].sort((a, b) => a - b);
  const text = (point: CurvePoint | undefined) => {
    const value = point && shown.of(point);
    return value === undefined ? '–' : shown.format(value);
  };
  return {
    id: shown.id,
    title: shown.title,
    alt: altOf(curves, shown),
    caption: shown.caption,
    table: {
      head: ['requests a second', ...curves.map(({ stage }) => stage)],
      rows: rates.map((rate) => [
        formatNumber(rate),
        ...curves.map(({ points }) => text(points.find((point) => point.rate === rate))),
      ]),
    },
    height: (width) => (width > 500 ? 440 : 360) + legendRows(curves, width) * 24,
    option: (width) => optionOf(curves, shown, width),
  };
}

function altOf(curves: readonly Curve[], { says, of, format }: Shown): string {
  const each = curves.flatMap(({ stage, points, knee }) => {
    const known = points.filter((point) => of(point) !== undefined);
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last) return [];
    const told = (point: CurvePoint) => `${format(of(point) as number)} at ${point.rate}`;
    const bend = knee === undefined ? '' : `, knee at ${knee}`;
    return [`${stage}: ${told(first)}${first === last ? '' : `, ${told(last)}`}${bend}`];
  });
  return `${says}, by requests a second. ${each.join('. ')}.`;
}

function optionOf(curves: readonly Curve[], shown: Shown, width: number) {
  const all = curves.flatMap(({ points }) => points);
  const rates = [...new Set(all.map(({ rate }) => rate))].sort((a, b) => a - b);
  const x = logAxis(rates, formatNumber);
  const y = logAxis(
    all.flatMap((point) => shown.of(point) ?? []),
    shown.format,
  );
  return {
    legend: { ...LEGEND, itemGap: width > 500 ? 30 : 24, data: curves.map(({ stage }) => stage) },
    grid: { top: 24 + legendRows(curves, width) * 24, left: 62, right: 24, bottom: 48 },
    // Labelled where something was measured; a phone has room for every other one.
    xAxis: axisOf({ ...x, ticks: rates.map(x.at).filter((_, i) => width > 500 || i % 2 === 0) }, 'requests a second', {
      nameLocation: 'middle',
      nameGap: 30,
    }),
    yAxis: axisOf(y, '', {}),
    series: curves.flatMap((curve, i) => [lineOf(curve, shown, [x, y], i), kneeOf(curve, shown, [x, y], i)]),
  };
}

function axisOf(axis: LogAxis, name: string, more: object) {
  return {
    ...AXIS,
    ...{ type: 'value', min: axis.min, max: axis.max, name, ...more },
    axisLabel: { ...AXIS.axisLabel, customValues: axis.ticks, formatter: axis.label },
    axisTick: { show: false, customValues: axis.ticks },
    splitLine: { ...AXIS.splitLine, customValues: axis.ticks },
  };
}

function lineOf({ stage, points }: Curve, { of }: Shown, [x, y]: readonly [LogAxis, LogAxis], i: number) {
  const color = stageColor(i);
  return {
    ...{ type: 'line', name: stage, silent: true, symbol: stageSymbol(i), symbolSize: 9 },
    lineStyle: { color, width: 2.5 },
    itemStyle: { color },
    data: points.flatMap((point) => {
      const value = of(point);
      if (value === undefined) return [];
      const hollow = isHollow(point) && { itemStyle: { color: 'var(--paper)', borderColor: color, borderWidth: 2 } };
      return [{ value: [x.at(point.rate), y.at(value)], ...hollow }];
    }),
  };
}

function kneeOf({ points, knee }: Curve, { of }: Shown, [x, y]: readonly [LogAxis, LogAxis], i: number) {
  const value = points.filter(({ rate }) => rate === knee).map(of)[0];
  return {
    ...{ type: 'scatter', name: 'knee', silent: true, symbol: 'circle', symbolSize: 20 },
    itemStyle: { color: 'transparent', borderColor: stageColor(i), borderWidth: 2 },
    data: knee === undefined || value === undefined ? [] : [[x.at(knee), y.at(value)]],
  };
}

/** From this share on a point is drawn full. */
const FULL_SHARE = 0.99;

function isHollow({ answered, crowded }: CurvePoint): boolean {
  return crowded || answered < FULL_SHARE;
}

function legendRows(curves: readonly Curve[], width: number): number {
  return Math.ceil(curves.length / (width > 500 ? 7 : 2));
}
