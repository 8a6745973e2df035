import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { loadTopology } from '../load-topology.ts';
import { settleOptions } from '../start-options.ts';
import type { Topology } from '../topology.ts';

/** Gives a command the flags that a topology declares, once its arguments name one and before they are read: its help lists them, too. */
export function addTopologyFlags(program: Command, name: string): void {
  program.hook('preSubcommand', async (_, command) => {
    const file = program.args.find((arg) => arg.endsWith('.ts') && existsSync(arg));
    if (command.name() !== name || file === undefined) return;
    const { topology } = await loadTopology(file);
    for (const option of topologyOptions(topology)) command.addOption(option);
  });
}

/** What was given for a topology's own flags, as `launch` takes it. */
export function givenOptions(topology: Topology, flags: Record<string, unknown>): Record<string, string> {
  const given = topologyOptions(topology).flatMap((option) => {
    const value = flags[option.attributeName()];
    return typeof value === 'string' ? [[option.name(), value] as const] : [];
  });
  return Object.fromEntries(given);
}

function topologyOptions(topology: Topology): Option[] {
  return Object.entries(topology.options ?? {}).map(([name, option]) => {
    const [value, help] = flagOf(topology, option);
    return new Option(`--${name} <${value}>`, help).argParser((text: string) => {
      settleOptions(topology, { [name]: text });
      return text;
    });
  });
}

/** What stands for its value in the help, and what that may be. */
function flagOf(topology: Topology, option: NonNullable<Topology['options']>[string]): [value: string, help: string] {
  if ('choices' in option)
    return ['choice', `${Object.keys(option.choices).join(', ')}; ${option.default} unless told`];
  if ('least' in option)
    return ['n', `a whole number from ${option.least} to ${option.most}; ${option.default} unless told`];
  return ['time', `round-trip time to add between ${ends(topology, option.link)}, such as 10ms`];
}

function ends(topology: Topology, link: string): string {
  const { from, to } = topology.links?.[link] ?? {};
  return `${from} and ${to}`;
}
