import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { allStages, BadInput, type Stage } from '@day90/infra';
import type { MeasuredClaim } from '../claim.ts';

/** How large a finale is: requests a second, connections held meanwhile, and how long. */
export interface FinaleSize {
  rate: number;
  visitors: number;
  seconds: number;
}

/** What the last stage exports from `claims/finale/index.ts`: the size it promises, and the claim for any other. */
interface FinaleModule {
  finale(size: FinaleSize): MeasuredClaim;
  finaleFaults(size: FinaleSize): MeasuredClaim;
  PROMISED: FinaleSize;
  PROMISED_WITH_FAULTS: FinaleSize;
}

/** Where a stage that has a finale has it. */
export function finaleFile({ folder }: Stage): string {
  return `${folder}/claims/finale/index.ts`;
}

/**
 * The finale of the last stage.
 * @param wanted - What is to be smaller than promised.
 * @throws {BadInput} When there is none.
 */
export async function loadFinale(
  root: string,
  { faults, wanted }: { faults: boolean; wanted: Partial<FinaleSize> },
): Promise<{ stage: Stage; claim: MeasuredClaim }> {
  const stage = allStages(root).at(-1);
  if (!stage) throw new BadInput('there is no finale: no stage has one');
  const file = finaleFile(stage);
  if (!existsSync(file)) throw new BadInput(`there is no finale: no ${file}`);
  const module = (await import(pathToFileURL(file).href)) as FinaleModule;
  const claim = faults
    ? module.finaleFaults({ ...module.PROMISED_WITH_FAULTS, ...wanted })
    : module.finale({ ...module.PROMISED, ...wanted });
  return { stage, claim };
}
