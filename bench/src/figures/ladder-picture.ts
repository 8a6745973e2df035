import { formatEstimate, formatInterval, formatNumber, formatRatio } from '../report/format.ts';
import { logAxis } from '../report/log-axis.ts';
import { html, type Markup } from '../report/markup.ts';
import type { Result } from '../result.ts';
import type { Results } from './reference-results.ts';

/** A step in the picture: what of which result it shows. */
interface Step {
  day: string;
  /** Whose change it is. */
  of: string;
  result: string;
}

const STEPS: readonly Step[] = [
  { day: 'day 1', of: 'the feed, database time', result: 'stage-1.feed' },
  { day: 'day 15', of: 'the popular page, response time', result: 'stage-2.popular' },
  { day: 'day 30', of: 'three boxes, capacity', result: 'stage-3.scale-out' },
  { day: 'day 45', of: 'three databases, capacity', result: 'stage-4.reads' },
  { day: 'day 60', of: 'a page in Los Angeles, response time', result: 'stage-5.distance' },
  { day: 'day 75', of: 'signing up, response time', result: 'stage-6.signup' },
  { day: 'day 90', of: 'all of it against day 1, capacity', result: 'stage-7.all-together' },
];

const STYLE = `text { font: 15px system-ui, sans-serif; fill: #1b1f24 }
.quiet { fill: #57606a; font-size: 13px }
.day, .figure { font-weight: 600 }
.bar { fill: #0b5fc4 }
.grid { stroke: #e4e7eb }
@media (prefers-color-scheme: dark) {
text { fill: #e8eaed }
.quiet { fill: #a4adb8 }
.bar { fill: #7db3ff }
.grid { stroke: #2b3138 }
}`;

const ROW_HEIGHT = 54;
const TOP = 34;
const LEFT = 16;
/** What the longest bar leaves for its figure. */
const FIGURE_WIDTH = 130;

/** Where the picture lies, from the root, and its width: letters must not shrink on a phone, which gets one of its own. */
export const ladderPictures = { 'docs/pictures/ladder.svg': 800, 'docs/pictures/ladder-narrow.svg': 390 } as const;

/**
 * What each step gives, as measured: a bar a step on a logarithmic axis, with its figure.
 * @throws {Error} For a result that is missing.
 */
export function ladderPicture(results: Results, width: number): string {
  const rows = STEPS.map((step) => ({ step, result: results(step.result) }));
  const axis = logAxis([1, ...rows.map(({ result }) => result.estimate)], (value) => `${formatNumber(value)}×`, 3);
  const room = width - LEFT - FIGURE_WIDTH;
  const at = (ratio: number) => LEFT + ((axis.at(ratio) - axis.at(1)) / (axis.max - axis.at(1))) * room;
  const height = TOP + STEPS.length * ROW_HEIGHT + 8;
  const ticks = axis.ticks.map((tick) => gridLine(at(10 ** tick), axis.label(tick), height));
  const drawn = rows.map((row, index) => rowOf(row.step, row.result, TOP + index * ROW_HEIGHT, at));
  const about = rows.map(({ step, result }) => `${step.day}: ${step.of} ${formatEstimate(result)}`).join('; ');
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>Each step against the one before it</title>
<desc>${about}. Above 1 is in favour of the step; in brackets the 95 % interval.</desc>
<style>${STYLE}</style>
${ticks}${drawn}</svg>
`.text;
}

function gridLine(x: number, label: string, height: number): Markup {
  return html`<line class="grid" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP - 8}" y2="${height}"/>
<text class="quiet" x="${x.toFixed(1)}" y="${TOP - 14}" text-anchor="middle">${label}</text>
`;
}

/** A line of words, and under it the bar with its figure at its end. */
function rowOf(step: Step, result: Result, y: number, at: (ratio: number) => number): Markup {
  const end = at(result.estimate);
  return html`<text x="${LEFT}" y="${y + 16}"><tspan class="day">${step.day}</tspan> ${step.of}</text>
<rect class="bar" x="${LEFT}" y="${y + 24}" width="${(end - LEFT).toFixed(1)}" height="14" rx="2"/>
<text x="${(end + 8).toFixed(1)}" y="${y + 36}"><tspan class="figure">${formatRatio(result)}</tspan> <tspan class="quiet">${formatInterval(result)}</tspan></text>
`;
}
