import { BadInput } from './bad-input.ts';
import type { Topology } from './topology.ts';

/**
 * A choice that no text reads would change nothing, and a link that nobody takes would delay nobody: both look as if they did.
 * @throws {BadInput} Naming them.
 */
export function refuseUnused({ options = {}, links = {} }: Topology, asked: ReadonlySet<string>): void {
  const choices = Object.entries(options).flatMap(([name, option]) => {
    if ('link' in option) return [];
    if ('least' in option) return [`option:${name}`];
    const values = Object.keys(option.choices[option.default] ?? {});
    return values.length > 0 ? values.map((value) => `option:${name}.${value}`) : [`option:${name}`];
  });
  const unused = [...choices, ...Object.keys(links).map((name) => `link:${name}`)].filter((name) => !asked.has(name));
  if (unused.length > 0)
    throw new BadInput(`no setting and no template uses ${unused.map((name) => `\${${name}}`).join(', ')}`, {
      code: 'D90-TOPOLOGY',
    });
}
