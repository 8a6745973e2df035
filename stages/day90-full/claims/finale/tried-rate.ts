import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@day90/bench';
import { GOALS } from './goals.ts';
import type { Outcome } from './outcome.ts';

/** What is tried where the rate that was asked for could not be held, as shares of what is promised. */
const LESS = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const LESS_SECONDS = 15;
/** What was too much has left queues behind it, and circuits that are open. */
export const REST_MS = 5000;

/** One rate, and what came of it. Times in milliseconds. */
export interface TriedRate {
  rate: number;
  seconds: number;
  p99: number;
  p999: number;
  /** Share of all requests. */
  failed: number;
  /** All of it was as promised. */
  held: boolean;
}

type Judged = Pick<Outcome, 'took' | 'failures' | 'sent'>;

/** Judges one load. */
export function triedRate({ took, failures, sent }: Judged, rate: number, seconds: number): TriedRate {
  const [p99, p999] = [quantile(took, 0.99), quantile(took, 0.999)];
  const failed = failures.length / sent;
  const held = p99 < GOALS.p99 && p999 < GOALS.p999 && failed < GOALS.failed;
  return { rate, seconds, p99, p999, failed, held };
}

/**
 * Tries less and less after a rate that could not be held, until one is.
 * @param first - What came of the rate that was asked for.
 * @param promised - Requests a second, of which shares are tried, and for how long at most.
 * @returns All that were tried; the last one was held, or none was.
 */
export async function tryLess(
  first: TriedRate,
  promised: { rate: number; seconds: number },
  load: (rate: number, seconds: number) => Promise<Judged>,
  { signal, restMs }: { signal: AbortSignal; restMs: number },
): Promise<TriedRate[]> {
  const tried = [first];
  const seconds = Math.min(LESS_SECONDS, promised.seconds);
  const rates = LESS.map((share) => Math.max(1, Math.round(promised.rate * share)));
  for (const rate of rates.filter((less) => less < first.rate)) {
    if (tried.at(-1)?.held) break;
    await sleep(restMs, undefined, { signal });
    tried.push(triedRate(await load(rate, seconds), rate, seconds));
  }
  return tried;
}

/** The rate that was held, when one was. */
export function heldOf(tried: readonly TriedRate[]): TriedRate | undefined {
  return tried.find(({ held }) => held);
}

/** A sentence on one of them. */
export function rateInWords({ rate, seconds, p99, p999, failed, held }: TriedRate): string {
  return `${rate} requests a second for ${seconds} s: p99 ${Math.ceil(p99)} ms, p99.9 ${Math.ceil(p999)} ms, ${Math.ceil(1e6 * failed)} of a million failed: ${held ? 'held' : 'not held'}.`;
}
