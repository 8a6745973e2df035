import { BadInput } from '@day90/infra';
import type { Result } from '../result.ts';
import type { ResultSet } from './result-files.ts';
import { compareRuns, type RunDifference } from './run-difference.ts';
import { unlikeness } from './unlike.ts';

/** One claim in two runs. */
interface ComparedClaim {
  name: string;
  first: Result;
  second: Result;
  difference: RunDifference;
  /** In what the two runs are unlike, where that was forced. */
  unlike: string[];
}

/** Two files or folders, laid side by side. */
export interface ComparedRuns {
  claims: ComparedClaim[];
  /** Claims that only one of the two has. */
  alone: { name: string; in: string }[];
}

/**
 * Lays the results of two runs side by side, claim by claim.
 * @throws {BadInput} Where they have no claim in common, and where they are unlike in machine, scale or budgets, unless forced.
 */
export function laySideBySide(first: ResultSet, second: ResultSet, force: boolean): ComparedRuns {
  const others = new Map(second.results.map((result) => [nameOf(result), result]));
  const claims = first.results.flatMap((result) => {
    const other = others.get(nameOf(result));
    return other ? [comparedClaim(result, other)] : [];
  });
  if (claims.length === 0)
    throw new BadInput(`${first.name} and ${second.name} have no claim in common: ${named(first)}; ${named(second)}`, {
      code: 'D90-NOT-ALIKE',
    });
  const unlike = claims.find((claim) => claim.unlike.length > 0);
  if (unlike && !force)
    throw new BadInput(
      `${unlike.name} was not measured alike: ${unlike.unlike.join(', ')}; --force compares them all the same, and says so`,
      { code: 'D90-NOT-ALIKE' },
    );
  const shared = new Set(claims.map(({ name }) => name));
  const alone = [first, second].flatMap((set) =>
    set.results
      .filter((result) => !shared.has(nameOf(result)))
      .map((result) => ({ name: nameOf(result), in: set.name })),
  );
  return { claims, alone };
}

function comparedClaim(first: Result, second: Result): ComparedClaim {
  const difference = compareRuns(first, second);
  return { name: nameOf(first), first, second, difference, unlike: unlikeness(first.env, second.env) };
}

function nameOf({ stage, claim }: Result): string {
  return `${stage}.${claim}`;
}

function named({ name, results }: ResultSet): string {
  return `${name} has ${results.map(nameOf).join(', ')}`;
}
