import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { BadInput } from '@day90/infra';
import type { Claim } from '../claim.ts';

/** A stage with something to prove. */
export interface BenchStage {
  /** `stage-1` */
  name: string;
  folder: string;
}

/** The stages under `<root>/stages` that have claims, by their folders' order. */
export function findStages(root: string): BenchStage[] {
  return readdirSync(`${root}/stages`)
    .map((entry) => `${root}/stages/${entry}`)
    .filter((folder) => existsSync(`${folder}/claims/index.ts`))
    .map((folder) => {
      const { name } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string };
      return { name, folder };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** @throws {BadInput} Naming the stages there are. */
export function pickStage(stages: BenchStage[], name: string): BenchStage {
  const stage = stages.find((known) => known.name === name);
  if (stage) return stage;
  throw new BadInput(`unknown stage ${name}; there is ${stages.map((known) => known.name).join(', ') || 'none yet'}`);
}

/** The claims a stage exports, the headline first. */
export async function loadClaims(stage: BenchStage): Promise<Claim[]> {
  const { claims } = (await import(pathToFileURL(`${stage.folder}/claims/index.ts`).href)) as { claims: Claim[] };
  return claims;
}

/**
 * The claims to run: the one that was asked for, the headline alone for a quick run, else all.
 * @throws {BadInput} Naming the claims there are.
 */
export function pickClaims(claims: Claim[], stage: string, name: string | undefined, quick: boolean): Claim[] {
  if (!name) return quick ? claims.slice(0, 1) : claims;
  const claim = claims.find((known) => known.id === name);
  if (claim) return [claim];
  throw new BadInput(`unknown claim ${name} of ${stage}; there is ${claims.map((known) => known.id).join(', ')}`);
}
