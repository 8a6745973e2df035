import { type HostTime, hostTime } from '../../duet/host-time.ts';

const EVERY_MS = 100;

/** Follows how much of the machine nobody uses. */
export class IdleSampler {
  readonly #seen: { at: number; time: HostTime }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Share of all cores' time between two moments (microseconds since 1970-01-01 UTC) that nobody used. */
  between(from: number, to: number): number {
    const inside = this.#seen.filter(({ at }) => at >= from / 1000 - EVERY_MS && at <= to / 1000 + EVERY_MS);
    const [first, last] = [inside[0]?.time, inside.at(-1)?.time];
    return first && last && last.all > first.all ? (last.idle - first.idle) / (last.all - first.all) : 0;
  }

  #sample(): void {
    this.#seen.push({ at: Date.now(), time: hostTime() });
  }
}
