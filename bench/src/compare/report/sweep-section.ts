import { chartFigure } from '../../report/chart.ts';
import { cardTable } from '../../report/claim-tables.ts';
import { formatCount, formatEstimate, formatNumber, formatValue, formatVerdict } from '../../report/format.ts';
import { type Child, html, type Markup } from '../../report/markup.ts';
import type { Accounting } from '../../result.ts';
import { type Curve, type CurvePoint, curvesOf, neighboursOf } from '../sweep/curves.ts';
import type { Sweep } from '../sweep/sweep.ts';
import { farChart, lostChart, nearChart } from './sweep-chart.ts';

/** Part 2: all stages under one and the same load. */
export function sweepSection(sweep: Sweep | undefined): Markup {
  return html`<section id="sweep-part" aria-labelledby="sweep-part-title">
<h2 id="sweep-part-title">2. Latency against load, all stages</h2>
${sweep && sweep.pairs.length > 0 ? sweepParts(sweep) : html`<p>Not measured in this run.</p>`}
${sweep?.env.budgets === 'none' && html`<p>Nothing on this system limits a box to its share of a core: each stage had the whole machine, so that more boxes show nothing.</p>`}
${sweep && skippedList(sweep)}
</section>
`;
}

function sweepParts(sweep: Sweep): Markup {
  const curves = curvesOf(sweep);
  return html`<p>The same visitors everywhere: nine reads to a write, posts and authors by Zipf's law, three of ten requests by members who are
logged in, one of five from Los Angeles. Every box has the same small share of a core, so that a stage is worth what it does with its boxes.</p>
${[nearChart(curves), farChart(curves), lostChart(curves)].map(chartFigure)}
${cardTable(
  'How far each stage carries',
  [
    'stage',
    'knee',
    'nearly all answered up to',
    'nearby, 95 of 100 within',
    'far away, half within',
    'CPU for a request',
  ],
  curves.map(curveRow),
)}
${neighbourTable(sweep)}
${booksTable(curves)}`;
}

function curveRow(curve: Curve): Child[] {
  const { stage, points, knee, carried } = curve;
  const at = points.find(({ rate }) => rate === knee);
  return [
    stage,
    knee === undefined ? '–' : `${formatNumber(knee)}/s`,
    carried === undefined ? 'none of the rates' : `${formatNumber(carried)}/s`,
    at?.nearP95 === undefined ? '–' : `${formatValue(at.nearP95, 'ms')} at the knee`,
    at?.farP50 === undefined ? '–' : formatValue(at.farP50, 'ms'),
    at?.cpuPerRequestUs === undefined ? '–' : formatValue(at.cpuPerRequestUs, 'µs'),
  ];
}

function neighbourTable(sweep: Sweep): Markup {
  const rows = neighboursOf(sweep).flatMap(({ before, after, rate, comparisons }) =>
    comparisons.map((row): Child[] => [
      `${before} → ${after}`,
      `${formatNumber(rate)}/s`,
      row.metric,
      row.verdict === 'void' ? '–' : `${formatValue(row.before, row.unit)} → ${formatValue(row.after, row.unit)}`,
      row.verdict === 'void' ? '–' : formatEstimate(row),
      formatVerdict(row.verdict),
    ]),
  );
  if (rows.length === 0) return html`<p>No two neighbours carried one and the same rate.</p>`;
  return cardTable(
    'Neighbours, loaded by turns in the same run, at the highest rate that both carried',
    ['stages', 'rate', 'what', 'before → after', 'ratio, 95 % interval', 'verdict'],
    rows,
  );
}

function booksTable(curves: readonly Curve[]): Markup {
  const rows = curves.flatMap(({ stage, points }) => points.map((point) => [stage, ...booksOf(point)]));
  return html`<details><summary>Accounting: what became of every arrival</summary>${cardTable(
    'offered = answered as expected + refused + timed out + dropped (no virtual user was free)',
    ['stage', 'rate', 'offered', 'answered', 'refused', 'timed out', 'dropped', 'machine idle'],
    rows,
  )}</details>`;
}

function booksOf({ rate, points }: CurvePoint): string[] {
  const sum = (of: keyof Accounting) => formatCount(points.reduce((total, point) => total + point.accounting[of], 0));
  const idle = Math.min(...points.map(({ hostIdle }) => hostIdle));
  return [
    `${formatNumber(rate)}/s`,
    ...[sum('offered'), sum('answered'), sum('refused'), sum('timedOut'), sum('dropped')],
    `${formatNumber(Math.round(100 * idle))} %`,
  ];
}

function skippedList({ skipped }: Sweep): Markup | undefined {
  if (skipped.length === 0) return undefined;
  return html`<p>Left out:</p><ul>${skipped.map(({ stage, why }) => html`<li>${stage}: ${why}</li>`)}</ul>`;
}
