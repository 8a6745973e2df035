import type { ComparedRuns } from './compare-runs.ts';
import { runsMarkdown } from './markdown.ts';
import { runsText } from './runs-text.ts';
import type { Output } from './wishes.ts';

/** Prints two runs side by side. */
export function printRuns(runs: ComparedRuns, names: readonly [string, string], output: Output): void {
  if (output === 'json') {
    const claims = runs.claims.map(({ name, first, second, difference, unlike }) => ({
      ...{ claim: name, unlike, difference },
      first: { takenAt: first.takenAt, estimate: first.estimate, lo: first.lo, hi: first.hi, verdict: first.verdict },
      second: {
        takenAt: second.takenAt,
        estimate: second.estimate,
        lo: second.lo,
        hi: second.hi,
        verdict: second.verdict,
      },
    }));
    process.stdout.write(`${JSON.stringify({ claims, alone: runs.alone }, null, 2)}\n`);
  } else process.stdout.write(output === 'markdown' ? `${runsMarkdown(runs, names)}\n` : runsText(runs, names));
}
