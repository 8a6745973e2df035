import { table } from '@day90/infra';
import { formatEstimate, formatVerdict } from '../report/format.ts';
import type { Result } from '../result.ts';
import type { ComparedRuns } from './compare-runs.ts';
import { differenceText } from './markdown.ts';

/** Two runs side by side, for a terminal. */
export function runsText({ claims, alone }: ComparedRuns, [first, second]: readonly [string, string]): string {
  const rows = claims.map((claim) => [
    ...[claim.name, ratio(claim.first), ratio(claim.second), differenceText(claim.difference)],
    claim.unlike.length > 0 ? `UNLIKE: ${claim.unlike.join(', ')}` : '',
  ]);
  const differ = claims.filter(({ difference }) => difference.verdict === 'higher' || difference.verdict === 'lower');
  return [
    table([['CLAIM', 'FIRST', 'SECOND', 'SECOND ÷ FIRST', ''], ...rows]).trimEnd(),
    `first: ${first}\nsecond: ${second}`,
    `${differ.length} of ${claims.length} differ by more than their intervals and what two runs of one machine do.`,
    ...(alone.length > 0
      ? [`Only in one of them: ${alone.map(({ name, in: of }) => `${name} (${of})`).join(', ')}`]
      : []),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

function ratio(result: Result): string {
  return result.verdict === 'void' ? 'void' : `${formatVerdict(result.verdict)} ${formatEstimate(result)}`;
}
