import { formatNumber } from '../../report/format.ts';
import { legend } from '../../report/html.ts';
import { html, type Markup } from '../../report/markup.ts';
import { renderPage } from '../../report/page.ts';
import type { ComparedStages } from '../compared-stages.ts';
import { notHelped } from '../not-helped.ts';
import { type Costs, costSection } from './cost-section.ts';
import { csvOf } from './csv.ts';
import { ladderSection } from './ladder-section.ts';
import { methodSection } from './method-section.ts';
import { notHelpedSection } from './not-helped-section.ts';
import { sweepSection } from './sweep-section.ts';

const PARTS = [
  ['ladder-part', 'The ladder'],
  ['sweep-part', 'Latency against load'],
  ['cost-part', 'What each step costs'],
  ['not-helped-part', 'Where it did not help'],
  ['method-part', 'How it was measured'],
] as const;

/** A whole run as one HTML file that needs nothing beside itself. */
export function renderCompareReport(run: ComparedStages, costs: Costs): string {
  return renderPage({
    title: 'Seven stages, each against the one before it',
    brand: 'Day90 compare',
    intro: intro(run),
    skip: { id: 'parts', text: 'Skip to the ladder' },
    main: html`${contents()}
${ladderSection(run.ladder, !run.full)}
${sweepSection(run.sweep)}
${costSection(costs, run.sweep)}
${notHelpedSection(notHelped(run.yours, run.ours, run.sweep))}
${methodSection(run)}
${numbers(run)}`,
    footer: legend(),
  });
}

function intro({ env, takenAt, skipped }: ComparedStages): Markup {
  const day = takenAt.slice(0, 16).replace('T', ' ');
  return html`<p>${env.machineKind}, ${formatNumber(env.cores)} cores of ${env.cpu}. Taken ${day} UTC.</p>
${skipped.length > 0 && html`<ul>${skipped.map(({ stage, why }) => html`<li>${stage} was left out: ${why}</li>`)}</ul>`}`;
}

function contents(): Markup {
  return html`<nav aria-label="Parts"><ol>${PARTS.map(([id, text]) => html`<li><a href="${`#${id}`}">${text}</a></li>`)}</ol></nav>`;
}

/** For a spreadsheet. */
function numbers(run: ComparedStages): Markup {
  return html`<details><summary>All numbers as text, to be copied</summary>
<div class="scroll" tabindex="0" role="region" aria-label="All numbers"><pre>${csvOf(run)}</pre></div></details>`;
}
