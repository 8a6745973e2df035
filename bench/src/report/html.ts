import type { Result } from '../result.ts';
import { claimSection } from './claim-section.ts';
import { cardTable, goalCell } from './claim-tables.ts';
import { formatHeadline, formatMachine, resultId } from './format.ts';
import { html, type Markup } from './markup.ts';
import { renderPage } from './page.ts';

/**
 * The results as one HTML file that needs nothing beside itself: no script, no request, light, dark and print in one.
 * @param results - At least one; of one run, the headline first.
 * @param title - Names the stages unless told.
 */
export function renderReport(results: readonly Result[], title?: string): string {
  const stages = [...new Set(results.map((result) => result.stage))].join(', ');
  return renderPage({
    title: title ?? `${stages}: measured, before and after`,
    brand: 'Day90 bench',
    intro: intro(results),
    skip: { id: 'claims', text: 'Skip to the claims' },
    main: html`${overview(results)}
${results.map(claimSection)}`,
    footer: legend(),
  });
}

function intro([first]: readonly Result[]): Markup {
  if (!first) return html`<p>No results.</p>`;
  const day = first.takenAt.slice(0, 16).replace('T', ' ');
  return html`<p>${formatMachine(first)}. Taken ${day} UTC.</p>`;
}

function overview(results: readonly Result[]): Markup {
  return html`<nav aria-label="Claims">${cardTable(
    'All claims',
    ['claim', 'verdict', 'goal'],
    results.map((result) => [
      html`<a href="${`#${resultId(result)}`}">${result.claim}</a>`,
      formatHeadline(result),
      goalCell(result.goal, 'ratio', result.verdict !== 'void'),
    ]),
  )}</nav>`;
}

/** How to read a ratio. */
export function legend(): Markup {
  return html`<p>The ratio is before ÷ after, and of rates after ÷ before: above 1, after is better. It is the geometric mean over blocks of time in
which both arms were up and loaded; the brackets hold its 95 % interval by Student's t. A difference is claimed only where the interval lies on
one side of 1 and the ratio is beyond the noise floor: 3 % at least, and more where two halves of the same arm differed by more. A
goal is met when the interval's bound reaches it, not its middle.</p>`;
}
