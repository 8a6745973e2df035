import { table } from '@day90/infra';
import { formatEstimate } from '../report/format.ts';
import type { Result } from '../result.ts';
import { tornPairs } from './torn-pairs.ts';

/** What the pairs of many results say together and torn apart, those first whose sign is lost most often. */
export function tornTable(results: readonly Result[]): string {
  const rows = results.flatMap((result) => {
    const torn = tornPairs(result);
    return torn ? [{ result, ...torn, share: torn.apart.wrong / torn.apart.of }] : [];
  });
  const cells = rows
    .sort((a, b) => b.share - a.share)
    .map(({ result, together, apart, share }) => [
      `${result.stage}.${result.claim}`,
      formatEstimate(result),
      `${together.wrong} of ${together.of}`,
      `${apart.wrong} of ${apart.of}`,
      `${Math.round(share * 100)} %`,
    ]);
  return table([['RESULT', 'RATIO', 'WRONG SIGN, TOGETHER', 'APART', ''], ...cells]);
}
