import type { Struck } from './fault-script.ts';
import type { Failure } from './outcome.ts';

/** Of all requests, so many have to be answered as they should: three nines. */
export const OBJECTIVE = 0.999;
const MONTH_SECONDS = 30 * 24 * 3600;

/** One fault, and what failed from it until the next. */
export interface Blame {
  name: string;
  sent: number;
  failures: Failure[];
}

/**
 * Lays each failure to the fault before it, by when the failure was known: one that was sent before and broken off by it is its.
 * @param run - When its first request was due, in milliseconds since 1970; how many were sent, and how many a second.
 */
export function blame(
  failures: readonly Failure[],
  struck: readonly Struck[],
  run: { startedAt: number; sent: number; rate: number },
): Blame[] {
  const end = (1000 * run.sent) / run.rate;
  const begins = [{ name: 'no fault yet', at: 0 }, ...struck.map(({ name, at }) => ({ name, at: at - run.startedAt }))];
  return begins.map(({ name, at }, i) => {
    const until = begins[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    const sent = Math.round(((Math.min(until, end) - Math.max(at, 0)) * run.rate) / 1000);
    return { name, sent: Math.max(0, sent), failures: failures.filter((one) => one.at >= at && one.at < until) };
  });
}

/** How much of what may fail has failed: of this run's own budget, and of a month's at the same rate. 1 is all of it. */
export function budgetUsed(failed: number, { sent, rate }: { sent: number; rate: number }) {
  const allowed = 1 - OBJECTIVE;
  return { run: failed / (sent * allowed), month: failed / (rate * MONTH_SECONDS * allowed) };
}

/** A sentence on what failed by one fault: `6 × 502 (write)`. */
export function inWords({ name, failures }: Blame): string {
  const counts = new Map<string, number>();
  for (const { what, kind } of failures) {
    const key = `${what} (${kind})`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => `${count} × ${key}`);
  return `${name}: ${parts.length === 0 ? 'nothing failed' : parts.join(', ')}.`;
}
