import type { Scale } from '@day90/infra';
import type { Result } from '../result.ts';
import type { environment } from '../run/environment.ts';
import type { LadderRow } from './ladder.ts';
import type { Skipped } from './skipped.ts';
import type { Sweep } from './sweep/sweep.ts';

/** All that one run of `compare` has found. */
export interface ComparedStages {
  takenAt: string;
  /** At full length. */
  full: boolean;
  /** That was asked for, in place of what each claim is stated for. */
  scale?: Scale | undefined;
  ladder: LadderRow[];
  /** All claims that were measured here: the headlines, or with `full` all. */
  yours: Result[];
  /** All that the repository holds. */
  ours: Result[];
  sweep?: Sweep | undefined;
  skipped: Skipped[];
  env: Awaited<ReturnType<typeof environment>>;
}
