import type { BoxUsage } from '../duet/load-arm.ts';

const EVERY_MS = 100;

/** Follows the CPU time and memory of one box while it is loaded. */
export class UsageSampler {
  readonly #at: number[] = [];
  readonly #usage: BoxUsage[] = [];
  readonly #read: () => BoxUsage & { rssBytes: number };
  readonly #timer: NodeJS.Timeout;
  /** Largest resident memory seen, in bytes. */
  rssBytes = 0;

  /** @param read - What the box has used so far, and its memory now; throws when there is no such box any more. */
  constructor(read: () => BoxUsage & { rssBytes: number }) {
    this.#read = read;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** CPU time used between two moments (microseconds since 1970-01-01 UTC), in microseconds. */
  cpuBetween(from: number, to: number): number {
    return this.#between('cpuMicros', from, to);
  }

  /** Share of the scheduler periods between two moments in which the box was stopped at its limit; 0 without a limit. */
  throttledBetween(from: number, to: number): number {
    const periods = this.#between('periods', from, to);
    return periods > 0 ? this.#between('throttledPeriods', from, to) / periods : 0;
  }

  #between(what: keyof BoxUsage, from: number, to: number): number {
    return this.#valueAt(what, to / 1000) - this.#valueAt(what, from / 1000);
  }

  #sample(): void {
    try {
      const { rssBytes, ...usage } = this.#read();
      this.rssBytes = Math.max(this.rssBytes, rssBytes);
      this.#at.push(Date.now());
      this.#usage.push(usage);
    } catch {
      // The box has ended: the answers it does not give make the run void by themselves.
      this.stop();
    }
  }

  /** Linear between the two nearest samples; outside of them the first or last one. */
  #valueAt(what: keyof BoxUsage, ms: number): number {
    const next = this.#at.findIndex((at) => at >= ms);
    if (next <= 0) return this.#usage.at(next)?.[what] ?? Number.NaN;
    const [t0, t1] = [this.#at[next - 1] as number, this.#at[next] as number];
    const [v0, v1] = [this.#usage[next - 1]?.[what] as number, this.#usage[next]?.[what] as number];
    return v0 + ((v1 - v0) * (ms - t0)) / (t1 - t0 || 1);
  }
}
