import type { Check } from './drill.ts';
import { type Kind, PUBLIC_READS } from './kinds.ts';
import { latencies, type Phase, quantileOf, type Sent } from './records.ts';

/** Picks records. The warm-up belongs to no phase that is judged. */
export function during(records: readonly Sent[], phases: readonly Phase[], kinds?: readonly Kind[]): Sent[] {
  return records.filter(({ phase, kind }) => phases.includes(phase) && (kinds?.includes(kind) ?? true));
}

/** The phases that are judged. */
export const JUDGED: readonly Phase[] = ['steady', 'fault', 'healed'];

/** The 99th percentile of all that came to an end, failures too, in milliseconds. */
export function p99(records: readonly Sent[]): number {
  return quantileOf(latencies(records), 0.99);
}

/**
 * The p99 of a run's own steady phase. A number from another run would compare machines as they were at two different
 * times, and the same one has been seen to halve its speed within a minute.
 */
export function baselineP99(records: readonly Sent[], kinds: readonly Kind[] = PUBLIC_READS): number {
  return p99(during(records, ['steady'], kinds));
}

/** None of these failed. */
export function noneFailed(id: string, what: string, records: readonly Sent[]): Check {
  const failed = records.filter(({ outcome }) => outcome === 'failed');
  const reasons = [...new Set(failed.map(({ why }) => why))].slice(0, 3).join(', ');
  const value = `${failed.length} of ${records.length}${failed.length > 0 ? ` (${reasons})` : ''}`;
  return { id, criterion: `${what}: 0 failed`, value, passed: failed.length === 0 && records.length > 0 };
}

/** A figure that must not be above its limit. @param unit - `ms`; empty for a count. */
export function atMost(id: string, criterion: string, seen: number, limit: number, unit: string): Check {
  const value = `${`${rounded(seen)} ${unit}`.trim()}, limit ${rounded(limit)}`;
  return { id, criterion, value, passed: Number.isFinite(seen) && seen <= limit };
}

function rounded(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** What the app says of the cache: `hit`, `miss`, `stale` or `bypass`; undefined where a route has none. */
export function cacheOf({ timing = '' }: Pick<Sent, 'timing'>): string | undefined {
  return /cache;desc=(\w+)/.exec(timing)?.[1];
}

/** The part of cached reads that came from the cache, from 0 to 1; NaN where no read could. */
export function hitRatio(records: readonly Sent[]): number {
  const asked = records.map(cacheOf).filter((desc) => desc !== undefined);
  return asked.filter((desc) => desc === 'hit' || desc === 'stale').length / asked.length;
}
