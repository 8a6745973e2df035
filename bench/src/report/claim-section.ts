import type { Result } from '../result.ts';
import { accountingTable, armTable, boxTable } from './arm-tables.ts';
import { armsChart } from './arms-chart.ts';
import { blockChart } from './block-chart.ts';
import { type Chart, chartFigure } from './chart.ts';
import { comparisonTable, countTable, definitionList, methodList, valueTable } from './claim-tables.ts';
import { formatGoal, formatHeadline, formatValue, resultId } from './format.ts';
import { latencyChart } from './latency-chart.ts';
import { html, type Markup } from './markup.ts';

/** All of one claim: verdict, figures, charts, and what is needed to doubt them. */
export function claimSection(result: Result): Markup {
  const charts = [armsChart(result), latencyChart(result), blockChart(result)].filter(
    (chart): chart is Chart => !!chart,
  );
  const id = resultId(result);
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${result.title}</h2>
<p class="proves">Claim <b>${result.claim}</b>${result.proves.length > 0 && `, proves ${result.proves.join(', ')}`}</p>
${headline(result)}
${comparisonTable(result)}
${countTable(result)}
${valueTable(result)}
${charts.map(chartFigure)}
<h3>How it was measured</h3>
<ul>${result.method.notes.map((note) => html`<li>${note}</li>`)}</ul>
${methodList(result)}
${armTable(result)}
${boxTable(result)}
${accountingTable(result)}
<details class="machine"><summary>Machine and versions<span class="hidden"> of ${result.claim}</span></summary>${machineList(result)}</details>
</section>
`;
}

/** The verdict in one sentence. */
function headline(result: Result): Markup {
  const { verdict, goal, unit } = result;
  const kind = verdict === 'void' ? 'void' : goal ? (goal.met ? 'met' : 'missed') : 'plain';
  const judged =
    goal &&
    verdict !== 'void' &&
    html`, goal ${formatGoal(goal, 'ratio')} <strong class="${kind}">${goal.met ? 'met' : 'missed'}</strong>`;
  const figures =
    verdict !== 'void' &&
    html` <span class="arms">${result.metric}: ${formatValue(result.before, unit)} before, ${formatValue(result.after, unit)} after</span>`;
  const quick = result.quick && html` <span class="arms">Taken with --quick: fewer blocks, so a wider interval.</span>`;
  return html`<p class="headline ${kind}"><b>${formatHeadline(result)}</b>${judged}.${figures}${quick}</p>`;
}

function machineList({ env, takenAt, sha256 }: Result): Markup {
  return definitionList([
    ['machine', env.machineKind],
    ['processor', `${env.cpu}, ${env.cores} cores`],
    ['memory', formatValue(env.memoryBytes, 'B')],
    ['system', `${env.os}, kernel ${env.kernel}`],
    ...Object.entries(env.versions).map(([name, version]): [string, string] => [name, version]),
    ['commit', `${env.commit}${env.dirty ? ', with changed files' : ''}`],
    ['taken at', takenAt],
    ['sha256 of the result', sha256],
  ]);
}
