/** Failures in a row after which nobody is let through. */
const FAILURES = 5;
/** Time after which one call may try again, in milliseconds. */
const OPEN_MS = 1000;

/**
 * Stops calls to something that keeps failing, so that each caller is told at once what the first five waited for.
 * @param now - Clock in milliseconds.
 * @see https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
 */
export class CircuitBreaker {
  #failures = 0;
  #closedAgainAt = 0;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a call may be made. While open, one call a second may, and that one decides. */
  lets(): boolean {
    if (this.#failures < FAILURES) return true;
    if (this.#now() < this.#closedAgainAt) return false;
    this.#closedAgainAt = this.#now() + OPEN_MS; // the others wait for what this one meets
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures === FAILURES) this.#closedAgainAt = this.#now() + OPEN_MS;
  }
}
