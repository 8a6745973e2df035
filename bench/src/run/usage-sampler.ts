import { boxCpuMicros, boxRssBytes } from '@day90/infra';

const EVERY_MS = 100;

/** Follows the CPU time and memory of one process while it is loaded. */
export class UsageSampler {
  readonly #at: number[] = [];
  readonly #micros: number[] = [];
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  /** Largest resident memory seen, in bytes. */
  rssBytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** CPU time used between two moments (microseconds since 1970-01-01 UTC), in microseconds. */
  cpuBetween(from: number, to: number): number {
    return this.#microsAt(to / 1000) - this.#microsAt(from / 1000);
  }

  #sample(): void {
    try {
      const micros = boxCpuMicros(this.#pid);
      this.rssBytes = Math.max(this.rssBytes, boxRssBytes(this.#pid));
      this.#at.push(Date.now());
      this.#micros.push(micros);
    } catch {
      // The box has ended: the answers it does not give make the run void by themselves.
      this.stop();
    }
  }

  /** Linear between the two nearest samples; outside of them the first or last one. */
  #microsAt(ms: number): number {
    const next = this.#at.findIndex((at) => at >= ms);
    if (next <= 0) return this.#micros.at(next) ?? Number.NaN;
    const [t0, t1] = [this.#at[next - 1] as number, this.#at[next] as number];
    const [m0, m1] = [this.#micros[next - 1] as number, this.#micros[next] as number];
    return m0 + ((m1 - m0) * (ms - t0)) / (t1 - t0 || 1);
  }
}
