import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { loadTopology } from './load-topology.ts';
import type { Topology } from './topology.ts';

/** A stage of this workspace. */
export interface Stage {
  /** `stage-1` */
  name: string;
  number: number;
  folder: string;
}

/** The stages of a workspace, in order. */
export function allStages(workspace: string): Stage[] {
  const folder = join(workspace, 'stages');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((stage) => existsSync(join(stage, 'package.json')))
    .map((stage) => {
      const { name }: { name: string } = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'));
      return { name, number: Number(name.replace(/^stage-/, '')), folder: stage };
    })
    .sort((a, b) => a.number - b.number);
}

/**
 * One stage by name, or all.
 * @throws {BadInput} Naming the stages there are.
 */
export function chosenStages(workspace: string, name?: string): Stage[] {
  const all = allStages(workspace);
  if (name === undefined) return all;
  const stage = all.find((one) => one.name === name);
  if (!stage) throw new BadInput(`no stage ${name}; stages: ${all.map((one) => one.name).join(', ')}`);
  return [stage];
}

/** A stage's topologies: its own, and one for every variant. */
export async function topologiesOf(stage: Stage): Promise<Topology[]> {
  const source = join(stage.folder, 'src');
  if (!existsSync(source)) return [];
  const folders = [
    '.',
    ...readdirSync(source, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])),
  ];
  const files = folders.map((folder) => join(source, folder, 'topology.ts')).filter((file) => existsSync(file));
  return Promise.all(files.map(async (file) => (await loadTopology(file)).topology));
}
