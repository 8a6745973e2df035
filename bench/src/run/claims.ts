import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { BadInput, type Stage } from '@day90/infra';
import type { Claim } from '../claim.ts';

/**
 * The claims that a stage exports from `claims/index.ts`, the headline first.
 * @throws {BadInput} When it has none.
 */
export async function loadClaims(stage: Stage): Promise<Claim[]> {
  const file = `${stage.folder}/claims/index.ts`;
  if (!existsSync(file)) throw new BadInput(`${stage.name} has nothing to measure: no ${file}`);
  const { claims } = (await import(pathToFileURL(file).href)) as { claims: Claim[] };
  return claims;
}

/**
 * The claims to run: the one that was asked for, the headline alone for a quick run, else all.
 * @throws {BadInput} Naming the claims there are.
 */
export function pickClaims(claims: Claim[], stage: string, name: string | undefined, quick: boolean): Claim[] {
  if (name === undefined) return quick ? claims.slice(0, 1) : claims;
  const claim = claims.find((known) => known.id === name);
  if (claim) return [claim];
  throw new BadInput(`no claim ${name} of ${stage}; claims: ${claims.map((known) => known.id).join(', ')}`);
}
