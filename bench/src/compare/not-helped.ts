import type { Comparison, Result } from '../result.ts';
import { neighboursOf } from './sweep/curves.ts';
import type { Sweep } from './sweep/sweep.ts';

/** One quantity in which a step did not help. */
export interface NotHelped {
  stage: string;
  /** The claim, or the pair of the sweep. */
  where: string;
  row: Comparison;
  /** The repository's, and not this machine's. */
  ours: boolean;
}

/**
 * Every quantity, of claims and of the sweep, in which the step was slower, showed no difference, or missed its goal. Of a claim that
 * this machine has measured its own result counts, else the repository's.
 */
export function notHelped(yours: readonly Result[], ours: readonly Result[], sweep: Sweep | undefined): NotHelped[] {
  const nameOf = ({ stage, claim }: Result) => `${stage}.${claim}`;
  const measured = new Set(yours.map(nameOf));
  const results = [
    ...yours.map((result) => ({ result, ours: false })),
    ...ours.filter((result) => !measured.has(nameOf(result))).map((result) => ({ result, ours: true })),
  ].sort((a, b) => a.result.stage.localeCompare(b.result.stage));
  const claims = results.flatMap(({ result, ours: isOurs }) =>
    [result, ...result.also]
      .filter(isNoHelp)
      .map((row) => ({ stage: result.stage, where: result.claim, row, ours: isOurs })),
  );
  const pairs = neighboursOf(sweep ?? { pairs: [] }).flatMap(({ before, after, rate, comparisons }) =>
    comparisons
      .filter(isNoHelp)
      .map((row) => ({ stage: after, where: `beside ${before}, at ${rate} requests a second`, row, ours: false })),
  );
  return [...claims, ...pairs];
}

function isNoHelp({ verdict, goal }: Comparison): boolean {
  if (verdict === 'void') return false;
  return verdict === 'slower' || verdict === 'no-difference' || goal?.met === false;
}
