import type { PriceList } from '../../plan/prices.ts';
import { cardTable } from '../../report/claim-tables.ts';
import { formatCount, formatValue } from '../../report/format.ts';
import { type Child, html, type Markup } from '../../report/markup.ts';
import { monthlyCost } from '../monthly-cost.ts';
import type { StepCost } from '../step-costs.ts';
import { stepOf } from '../steps.ts';
import { curvesOf } from '../sweep/curves.ts';
import type { SweptStage } from '../sweep/pair-run.ts';
import type { Sweep } from '../sweep/sweep.ts';

/** What part 3 is made from. */
export interface Costs {
  steps: readonly StepCost[];
  prices: readonly PriceList[];
}

/** Part 3: what each step costs. */
export function costSection({ steps, prices }: Costs, sweep: Sweep | undefined): Markup {
  const swept = new Map(
    (sweep?.pairs ?? []).flatMap(({ before, after }) => [before, after].map((one) => [one.stage, one])),
  );
  const cpu = new Map(curvesOf(sweep ?? { pairs: [] }).map((curve) => [curve.stage, curve]));
  const titles = prices.map(({ title, asOf }) => `a month, ${title}${asOf ? ` (${asOf})` : ''}`);
  return html`<section id="cost-part" aria-labelledby="cost-part-title">
<h2 id="cost-part-title">3. What each step costs</h2>
<p>Lines are those of the stage's own step, without tests and comments. Packages are those that come in with it. ${
    swept.size === 0 && 'Boxes, memory and CPU come with the sweep.'
  } ${prices.length > 0 && 'Money is for as many machines as there are boxes, each of the smallest size in the table, without traffic.'}</p>
${cardTable(
  'Each stage as it stands, and what it adds',
  ['stage', 'boxes', 'memory', 'CPU for a request', ...titles, 'lines it adds', 'packages it adds', 'new ways to fail'],
  steps.map(({ stage, lines, packages }): Child[] => {
    const own = swept.get(stage);
    const curve = cpu.get(stage);
    const us = curve?.points.find(({ rate }) => rate === curve.knee)?.cpuPerRequestUs;
    return [
      html`<span class="figure">${stage}</span>`,
      own ? boxesOf(own) : '–',
      own ? formatValue(own.rssBytes, 'B') : '–',
      us === undefined ? '–' : formatValue(us, 'µs'),
      ...prices.map((table) => (own ? `$${formatCount(Math.round(monthlyCost(own, table)))}` : '–')),
      formatCount(lines),
      packages.join(', ') || 'none',
      stepOf(stage)?.failures.join('; ') ?? '–',
    ];
  }),
)}
</section>
`;
}

/** `3 app, 1 nginx` */
function boxesOf({ boxes }: SweptStage): string {
  return boxes.map(({ role, count }) => `${count} ${role}`).join(', ');
}
