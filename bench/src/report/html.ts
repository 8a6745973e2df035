import { readFileSync } from 'node:fs';
import type { Result } from '../result.ts';
import { claimSection } from './claim-section.ts';
import { cardTable, goalCell } from './claim-tables.ts';
import { formatHeadline, formatMachine, resultId } from './format.ts';
import { html, type Markup, trusted } from './markup.ts';

const STYLE = ['report-colors.css', 'report.css', 'report-media.css']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('');

/**
 * The results as one HTML file that needs nothing beside itself: no script, no request, light, dark and print in one.
 * @param results - At least one; of one run, the headline first.
 */
export function renderReport(results: readonly Result[]): string {
  const stages = [...new Set(results.map((result) => result.stage))].join(', ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${stages}: measured, before and after</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#claims">Skip to the claims</a>
<header>
<p class="brand">Day90 bench</p>
<h1>${stages}: measured, before and after</h1>
${intro(results)}
</header>
<main id="claims">
${overview(results)}
${results.map(claimSection)}
</main>
<footer>${legend()}</footer>
</body>
</html>
`;
  return page.text;
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

function legend(): Markup {
  return html`<p>The ratio is before ÷ after, and of rates after ÷ before: above 1, after is better. It is the geometric mean over blocks of time in
which both arms were up and loaded; the brackets hold its 95 % interval by Student's t. A difference is claimed only where the interval lies on
one side of 1 and the ratio is beyond the noise floor: 3 % at least, and more where two halves of the same arm differed by more. A
goal is met when the interval's bound reaches it, not its middle.</p>`;
}
