import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput } from './bad-input.ts';
import { defineTopology, type Topology } from './topology.ts';
import { packageFolder } from './workspace.ts';

/**
 * Imports a topology module: its default export, or the one named `topology`.
 * @returns The topology, and the folder of the stage that the module belongs to.
 * @throws {BadInput} When there is no such file or it exports no topology.
 */
export async function loadTopology(file: string): Promise<{ topology: Topology; folder: string }> {
  const path = resolve(file);
  if (!existsSync(path)) throw new BadInput(`no topology ${file}: stages have theirs in src/topology.ts`);
  const module: { default?: Topology; topology?: Topology } = await import(pathToFileURL(path).href);
  const topology = module.default ?? module.topology;
  if (!topology)
    throw new BadInput(`${file} exports no topology: \`export const topology = defineTopology({ … })\``, {
      code: 'D90-TOPOLOGY',
    });
  return { topology: defineTopology(topology), folder: packageFolder(path) };
}
