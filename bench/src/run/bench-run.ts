import type { Claim } from '../claim.ts';
import type { Result } from '../result.ts';
import { loadPlan, loadSeconds } from './load-plan.ts';
import { writeResult } from './result-files.ts';
import { type ClaimRun, runClaim } from './run-claim.ts';

export interface BenchOptions extends Omit<ClaimRun, 'claim'> {
  claims: Claim[];
}

export interface BenchOutcome {
  results: Result[];
  files: string[];
  /** Claims that could not be measured, and why. */
  failed: { claim: string; error: unknown }[];
}

/** Launching two arms, the generator's ceiling and taking all down, in seconds. */
const AROUND_A_LOAD = 10;

/**
 * Measures the claims one after the other and keeps each result as soon as it is there. One that can't be measured does
 * not stop the others.
 * @returns What was finished, when the signal is aborted meanwhile.
 */
export async function runBench(options: BenchOptions): Promise<BenchOutcome> {
  const { root, claims, quick, progress, signal } = options;
  const outcome: BenchOutcome = { results: [], files: [], failed: [] };
  progress.plan(claims.map((claim) => expectedSeconds(claim, quick)));
  for (const claim of claims) {
    try {
      const result = await runClaim({ ...options, claim });
      outcome.results.push(result);
      outcome.files.push(writeResult(`${root}/.run/results`, result));
    } catch (error) {
      if (signal.aborted) break;
      outcome.failed.push({ claim: claim.id, error });
    }
    progress.next();
  }
  return outcome;
}

/** About how long a claim takes, in seconds. */
export function expectedSeconds(claim: Claim, quick: boolean): number {
  if (claim.kind === 'k6') return loadSeconds(loadPlan(quick, claim.blockSeconds)) + AROUND_A_LOAD;
  return quick ? (claim.quickSeconds ?? claim.seconds) : claim.seconds;
}
