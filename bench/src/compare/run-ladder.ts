import { ensureSystemNeeds, type Scale, type Stage } from '@day90/infra';
import type { Claim } from '../claim.ts';
import type { Result } from '../result.ts';
import { expectedSeconds } from '../run/bench-run.ts';
import { loadClaims } from '../run/claims.ts';
import type { Progress } from '../run/progress.ts';
import { runClaim } from '../run/run-claim.ts';
import { type Skipped, skippedFor } from './skipped.ts';

/** One claim of a stage that is to be measured. */
interface Planned {
  stage: Stage;
  claim: Claim;
}

export interface LadderOptions {
  root: string;
  planned: readonly Planned[];
  /** At full length; else as `bench --quick`. */
  full: boolean;
  scale?: Scale | undefined;
  signal: AbortSignal;
  progress: Progress;
  /** Those that an earlier run has finished. */
  finished: readonly Result[];
  keep(result: Result): void;
}

export interface LadderRun {
  results: Result[];
  /** What could not be measured here, and why. */
  skipped: Skipped[];
}

/** The headline of each stage, or with `full` all claims. A stage that has none yet is named. */
export async function plannedClaims(
  stages: readonly Stage[],
  full: boolean,
): Promise<{ planned: Planned[]; skipped: Skipped[] }> {
  const planned: Planned[] = [];
  const skipped: Skipped[] = [];
  for (const stage of stages) {
    try {
      const claims = await loadClaims(stage);
      planned.push(...(full ? claims : claims.slice(0, 1)).map((claim) => ({ stage, claim })));
    } catch (error) {
      skipped.push(skippedFor(stage.name, error));
    }
  }
  return { planned, skipped };
}

/** The expected seconds of each claim that is left to do. */
export function ladderSeconds({
  planned,
  full,
  finished,
}: Pick<LadderOptions, 'planned' | 'full' | 'finished'>): number[] {
  return planned.flatMap((one) => (known(finished, one) ? [] : [expectedSeconds(one.claim, !full)]));
}

/** Measures claim by claim, and keeps each as soon as it is there. One that can't be measured does not stop the others. */
export async function runLadder(options: LadderOptions): Promise<LadderRun> {
  const { root, full, scale, signal, progress } = options;
  const run: LadderRun = { results: [], skipped: [] };
  for (const one of options.planned) {
    const { stage, claim } = one;
    const finished = known(options.finished, one);
    if (finished) {
      run.results.push(finished);
      continue;
    }
    progress.step(`${stage.name}.${claim.id}`);
    try {
      await ensureSystemNeeds(stage.name, 'bench', { signal, onProgress: (line) => progress.say(line) });
      const result = await runClaim({ root, stage, claim, quick: !full, scale, signal, progress });
      run.results.push(result);
      options.keep(result);
    } catch (error) {
      signal.throwIfAborted();
      const skipped = skippedFor(`${stage.name}.${claim.id}`, error);
      run.skipped.push(skipped);
      progress.say(`${skipped.stage} could not be measured here: ${skipped.why}`);
    }
    progress.next();
  }
  return run;
}

function known(finished: readonly Result[], { stage, claim }: Planned): Result | undefined {
  return finished.find((result) => result.stage === stage.name && result.claim === claim.id);
}
