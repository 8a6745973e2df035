import type { Comparison, Result } from '../result.ts';
import {
  formatCount,
  formatEstimate,
  formatGoal,
  formatMeasured,
  formatNumber,
  formatValue,
  formatValueGoal,
  formatVerdict,
} from './format.ts';
import { type Child, html, type Markup } from './markup.ts';

/**
 * A table whose rows turn into cards on a phone: each cell knows its column's name.
 * The roles are written out, since browsers drop a table's own ones when its rows are laid out as blocks.
 */
export function cardTable(caption: string, head: readonly string[], rows: readonly (readonly Child[])[]): Markup {
  return html`<table class="cards" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(
    ([first, ...rest]) => html`<tr role="row"><th role="rowheader" scope="row">${first}</th>${rest.map(
      (cell, index) => html`<td role="cell" data-label="${head[index + 1]}"><span>${cell}</span></td>`,
    )}</tr>
`,
  )}</tbody></table>`;
}

/** The claim's metric and the further ones, a row each. */
export function comparisonTable(result: Result): Markup {
  return cardTable(
    'Before and after',
    ['metric', 'before', 'after', 'ratio, 95 % interval', 'noise floor', 'verdict', 'goal'],
    [result, ...result.also].map(comparisonRow),
  );
}

function comparisonRow(row: Comparison): Child[] {
  const shown = row.verdict !== 'void';
  return [
    row.metric,
    shown ? figure(formatValue(row.before, row.unit)) : '–',
    shown ? figure(formatValue(row.after, row.unit)) : '–',
    shown ? figure(formatEstimate(row)) : '–',
    !shown ? '–' : row.lo === row.hi ? 'exact' : `${formatNumber(row.floor)}×`,
    formatVerdict(row.verdict),
    goalCell(row.goal, 'ratio', shown),
  ];
}

/** A number stays on one line with its unit or interval. */
function figure(text: string): Markup {
  return html`<span class="figure">${text}</span>`;
}

/** "≥ 2.5× met", the word in the colour of what it says. */
export function goalCell(goal: Comparison['goal'], of: 'ratio' | 'count', judged: boolean): Child {
  if (!goal) return '–';
  return judgedGoal(formatGoal(goal, of), goal.met, judged);
}

function judgedGoal(goal: string, met: boolean, judged: boolean): Markup {
  const word = judged ? (met ? 'met' : 'missed') : 'open';
  return html`${goal} <strong class="${word}">${word}</strong>`;
}

/** Counts, which are exact. */
export function countTable({ counts, verdict }: Result): Markup | undefined {
  if (counts.length === 0) return undefined;
  return cardTable(
    'Counts: exact, never timed',
    ['what', 'before', 'after', 'goal for after'],
    counts.map(({ name, before, after, goal }) => [
      name,
      formatCount(before),
      formatCount(after),
      goalCell(goal, 'count', verdict !== 'void'),
    ]),
  );
}

/** Quantities that are no ratio. */
export function valueTable({ values = [], verdict }: Result): Markup | undefined {
  if (values.length === 0) return undefined;
  return cardTable(
    'Further quantities, with their 95 % interval',
    ['what', 'value', 'goal'],
    values.map((row) => [
      row.name,
      figure(formatMeasured(row)),
      row.goal ? judgedGoal(formatValueGoal(row.goal, row.unit), row.goal.met, verdict !== 'void') : '–',
    ]),
  );
}

/** The two checks on the interval, and the floor's origin, as rows of a list. */
export function methodList(result: Result): Markup {
  const { method, env } = result;
  const kept = result.blocks.filter((block) => !block.dropped).length;
  const bad = result.blocks.filter((block) => block.why).length;
  const { generator, aa } = method;
  const rows: [string, Child][] = [
    [
      'blocks',
      `${kept} counted, ${method.warmupBlocks} left out as warm-up, ${bad > 0 ? `${bad} as void, ` : ''}${formatNumber(method.blockSeconds)} s each`,
    ],
    ['lag-1 autocorrelation', formatNumber(method.lag1)],
    ['bootstrap-t, as a check', formatEstimate({ ...result, ...method.bootstrap })],
    ...(aa ? ([['A/A in the same run', formatEstimate(aa)]] as [string, Child][]) : []),
    ...(generator
      ? ([
          [
            'generator',
            `${generator.name} ${generator.version} at ${formatNumber(generator.rate)}/s, ${percent(generator.rate / generator.ceiling)} of its ceiling of ${formatNumber(generator.ceiling)}/s`,
          ],
        ] as [string, Child][])
      : []),
    ['data', `scale ${env.scale}, seed ${env.seed}`],
    [
      'budgets',
      env.budgets === 'none' ? 'none: no box had a CPU limit' : `${env.budgets}, throttled ${percent(env.throttled)}`,
    ],
    ...Object.entries(env.raised).map(([name, value]): [string, Child] => [`raised: ${name}`, value]),
  ];
  return definitionList(rows);
}

/** Names and values under one another. */
export function definitionList(rows: [string, Child][]): Markup {
  return html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
