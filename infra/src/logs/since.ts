import { InvalidArgumentError } from 'commander';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment as it is told on a command line: so long ago, or itself.
 * @returns Milliseconds since 1970 UTC.
 */
export function since(text: string, now = Date.now()): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ago = UNITS[unit];
  if (ago !== undefined) return now - Number(count) * ago;
  const at = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('A time is 30s, 10m, 2h, 1d, or such as 2026-03-01T03:00Z.');
  return at;
}
