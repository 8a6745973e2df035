import { cardTable, goalCell } from '../../report/claim-tables.ts';
import { formatEstimate, formatValue, formatVerdict } from '../../report/format.ts';
import { html, type Markup } from '../../report/markup.ts';
import type { NotHelped } from '../not-helped.ts';

/** Part 4: where the steps did not help. */
export function notHelpedSection(rows: readonly NotHelped[]): Markup {
  return html`<section id="not-helped-part" aria-labelledby="not-helped-part-title">
<h2 id="not-helped-part-title">4. Where it did not help</h2>
<p>Every quantity that a step made worse, or left as it was, or in which it missed its goal. What was not measured in this run is the repository's.</p>
${
  rows.length === 0
    ? html`<p>Nothing of what was measured.</p>`
    : cardTable(
        'Slower, no difference, or a goal missed',
        ['stage', 'where', 'what', 'before → after', 'ratio, 95 % interval', 'verdict', 'goal', 'measured'],
        rows.map(({ stage, where, row, ours }) => [
          stage,
          where,
          row.metric,
          `${formatValue(row.before, row.unit)} → ${formatValue(row.after, row.unit)}`,
          formatEstimate(row),
          formatVerdict(row.verdict),
          goalCell(row.goal, 'ratio', true),
          ours ? 'ours' : 'here',
        ]),
      )
}
</section>
`;
}
