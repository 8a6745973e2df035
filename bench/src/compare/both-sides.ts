import { formatValue } from '../report/format.ts';
import type { Result } from '../result.ts';

/** `1.2 ms → 0.4 ms` */
export function bothSides(result: Result | undefined): string {
  if (!result || result.verdict === 'void') return '–';
  return `${formatValue(result.before, result.unit)} → ${formatValue(result.after, result.unit)}`;
}
