import { chartFigure } from '../../report/chart.ts';
import { cardTable, goalCell } from '../../report/claim-tables.ts';
import { formatHeadline } from '../../report/format.ts';
import { type Child, html, type Markup } from '../../report/markup.ts';
import { bothSides } from '../both-sides.ts';
import type { LadderRow } from '../ladder.ts';
import { stepOf } from '../steps.ts';
import { ladderChart } from './ladder-chart.ts';

/** Part 1: each step's headline claim. */
export function ladderSection(ladder: readonly LadderRow[], quick: boolean): Markup {
  const chart = ladderChart(ladder);
  return html`<section id="ladder-part" aria-labelledby="ladder-part-title">
<h2 id="ladder-part-title">1. The ladder: each step against the one before it</h2>
<p>Here is this machine; ours is what the repository holds. ${quick && 'Taken in few blocks, as by bench --quick: the intervals are wider than those of a whole run.'}</p>
${chart && chartFigure(chart)}
${cardTable(
  'The headline claim of each step',
  ['step', 'claim', 'before → after, here', 'verdict here', 'goal', 'ours', 'the guide'],
  ladder.map(rowOf),
)}
</section>
`;
}

function rowOf(row: LadderRow): Child[] {
  const { stage, claim, title, ours, yours, skipped } = row;
  const step = stepOf(stage);
  return [
    html`<b>${stage}</b> ${step && `${step.day}, ${step.adds}`}`,
    claim ? html`${title} <span class="arms">${claim}</span>` : 'no claim yet',
    bothSides(yours),
    yours ? formatHeadline(yours) : `not measured${skipped ? `: ${skipped}` : ''}`,
    yours ? goalCell(yours.goal, 'ratio', yours.verdict !== 'void') : '–',
    ours ? formatHeadline(ours) : 'none in the repository',
    step?.guide ?? '–',
  ];
}
