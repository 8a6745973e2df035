import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { allStages, BadInput, chosenStages, type Stage } from '@day90/infra';
import type { Drill } from './drill.ts';

/** A drill and the stage it breaks. */
export interface StagedDrill {
  stage: Stage;
  drill: Drill;
}

/** `1-kill-mid-write` */
export function drillName({ number, slug }: Drill): string {
  return `${number}-${slug}`;
}

/** The drills that the stages of a workspace export from `drills/index.ts`, in their order. */
export async function loadDrills(root: string): Promise<StagedDrill[]> {
  const all: StagedDrill[] = [];
  for (const stage of allStages(root)) {
    for (const drill of await drillsOf(stage)) {
      if (drill.stage !== stage.name)
        throw new Error(`${fileOf(stage)}: drill ${drillName(drill)} says it is of ${drill.stage}`);
      all.push({ stage, drill });
    }
  }
  return all.sort((a, b) => a.drill.number - b.drill.number || a.stage.number - b.stage.number);
}

/** Those of one stage, none where it exports none. */
export async function drillsOf(stage: Stage): Promise<Drill[]> {
  const file = fileOf(stage);
  if (!existsSync(file)) return [];
  const { drills } = (await import(pathToFileURL(file).href)) as { drills: Drill[] };
  return drills;
}

function fileOf({ folder }: Stage): string {
  return `${folder}/drills/index.ts`;
}

/**
 * The drills to run: those of one name (`1`, `kill-mid-write` or `1-kill-mid-write`), those of one stage, or both.
 * @throws {BadInput} Naming the drills there are.
 */
export function pickDrills(root: string, all: StagedDrill[], name?: string, stageName?: string): StagedDrill[] {
  const [only] = stageName === undefined ? [] : chosenStages(root, stageName);
  const ofStage = only ? all.filter(({ stage }) => stage.name === only.name) : all;
  const where = only ? ` of ${only.name}` : '';
  if (name === undefined && !only)
    throw new BadInput(`which drill? ${known(ofStage)}; --stage <stage> runs all of one`);
  if (ofStage.length === 0) throw new BadInput(`${only?.name ?? 'this workspace'} has no drills; --list shows all`);
  if (name === undefined) return ofStage;
  const found = ofStage.filter(({ drill }) => [String(drill.number), drill.slug, drillName(drill)].includes(name));
  if (found.length === 0) throw new BadInput(`no drill ${name}${where}; ${known(ofStage)}`);
  return found;
}

function known(drills: StagedDrill[]): string {
  return drills.length > 0
    ? `drills: ${drills.map(({ drill }) => drillName(drill)).join(', ')}`
    : 'there are no drills';
}
