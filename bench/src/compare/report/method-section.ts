import { definitionList } from '../../report/claim-tables.ts';
import { formatNumber, formatValue } from '../../report/format.ts';
import { type Child, html, type Markup } from '../../report/markup.ts';
import type { ComparedStages } from '../compared-stages.ts';

/** Part 5: how it was measured, and on what. */
export function methodSection({ env, yours, sweep, scale }: ComparedStages): Markup {
  const generators = yours.flatMap(({ method: { generator } }) => generator ?? []);
  const known = [
    ...new Set([...generators, ...(sweep ? [sweep.generator] : [])].map((one) => `${one.name} ${one.version}`)),
  ];
  const ceilings = (sweep?.pairs ?? []).map(({ ceiling }) => ceiling);
  const versions = Object.entries(Object.assign({}, env.versions, ...yours.map((result) => result.env.versions)));
  const rows: [string, Child][] = [
    ['machine', env.machineKind],
    ['processor', `${env.cpu}, ${env.cores} cores`],
    ['memory', formatValue(env.memoryBytes, 'B')],
    ['system', `${env.os}, kernel ${env.kernel}`],
    ['commit', `${env.commit}${env.dirty ? ', with changed files' : ''}`],
    ['scale', scale ?? 'as each claim is stated for'],
    [
      'budgets',
      [...new Set([...yours.map((result) => result.env.budgets), ...(sweep ? [sweep.env.budgets] : [])])].join(', '),
    ],
    ['generators', known.join(', ') || 'none'],
    ...(ceilings.length > 0
      ? ([
          ['what k6 can send here', `${formatNumber(Math.min(...ceilings))}/s at least, measured beside each pair`],
        ] as [string, Child][])
      : []),
    ...versions.map(([name, version]): [string, Child] => [name, String(version)]),
  ];
  return html`<section id="method-part" aria-labelledby="method-part-title">
<h2 id="method-part-title">5. How it was measured, and on what</h2>
${sweep && html`<h3>The sweep</h3><ul>${sweep.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<h3>The claims</h3>
<ul>${yours.map(
    ({ stage, claim, method }) =>
      html`<li><details><summary>${stage}, ${claim}</summary><ul>${method.notes.map(
        (note) => html`<li>${note}</li>`,
      )}</ul></details></li>`,
  )}</ul>
<h3>The machine</h3>
${definitionList(rows)}
</section>
`;
}
