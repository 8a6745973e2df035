import { BadInput } from '@day90/infra';

/** A stage, or a pair of them, that could not be run here, and why. */
export interface Skipped {
  stage: string;
  why: string;
  /** It went wrong, and not for want of something that this system has not. */
  broken?: true;
}

/** As it stands in a result: what a person can mend, such as a missing tool, is no fault. */
export function skippedFor(stage: string, error: unknown): Skipped {
  const why = error instanceof Error ? error.message : String(error);
  return { stage, why, ...(!(error instanceof BadInput) && { broken: true as const }) };
}
