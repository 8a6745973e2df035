import { existsSync } from 'node:fs';
import type { Stage } from '@day90/infra';
import { referenceFolder } from '../figures/reference-results.ts';
import type { Result } from '../result.ts';
import { loadClaims } from '../run/claims.ts';
import { readResults } from './result-files.ts';
import type { Skipped } from './skipped.ts';

/** One step: its headline claim, as the repository has it and as this machine measured it. */
export interface LadderRow {
  stage: string;
  /** The headline's id and sentence; none where the stage has no claims yet. */
  claim?: string;
  title?: string;
  /** Committed, from the machine whose results the documents quote. */
  ours?: Result;
  yours?: Result;
  /** Why there is no result of this machine. */
  skipped?: string;
}

/**
 * All results in the repository, of the machine whose results the documents quote; none where there are none.
 * @throws {BadInput} When one of them is cut off, or was changed by hand.
 */
export function ourResults(root: string): Result[] {
  return hasReference(root) ? readResults(referenceFolder(root)).results : [];
}

function hasReference(root: string): boolean {
  try {
    return existsSync(referenceFolder(root));
  } catch {
    return false; // none yet, or of several machines none is named
  }
}

/** The ladder with what the repository holds, and nothing measured yet. */
export function ourLadder(stages: readonly Stage[], ours: readonly Result[]): Promise<LadderRow[]> {
  return Promise.all(
    stages.map(async (stage): Promise<LadderRow> => {
      const headline = existsSync(`${stage.folder}/claims/index.ts`) ? (await loadClaims(stage))[0] : undefined;
      if (!headline) return { stage: stage.name };
      const own = ours.find((result) => result.stage === stage.name && result.claim === headline.id);
      return { stage: stage.name, claim: headline.id, title: headline.title, ...(own && { ours: own }) };
    }),
  );
}

/** The ladder with what this machine has measured. */
export function withYours(
  ladder: readonly LadderRow[],
  { results, skipped }: { results: readonly Result[]; skipped: readonly Skipped[] },
): LadderRow[] {
  return ladder.map((row) => {
    const yours = results.find(({ stage, claim }) => stage === row.stage && claim === row.claim);
    const missing = skipped.find(({ stage }) => stage === row.stage || stage === `${row.stage}.${row.claim}`);
    return { ...row, ...(yours && { yours }), ...(!yours && missing && { skipped: missing.why }) };
  });
}
