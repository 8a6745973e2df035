import type { SlackText } from './slack-message.ts';

/** `waiting` for the first sign of life, `alive`, or `missing`. */
type LifeState = 'waiting' | 'alive' | 'missing';

/** Says when signs of life stop coming, and when they come again: what no alert could say, since alerts need what has died. */
export class DeadMan {
  state: LifeState = 'waiting';
  /** Of the last sign, ISO 8601. */
  last: string | undefined;
  readonly #missingAfterMs: number;
  readonly #say: (said: SlackText) => void;
  #timer: NodeJS.Timeout;

  /**
   * @param options.missingAfterMs - Silence that counts as death.
   * @param options.firstWithinMs - Silence at the start that does.
   */
  constructor(options: { missingAfterMs: number; firstWithinMs: number; say: (said: SlackText) => void }) {
    this.#missingAfterMs = options.missingAfterMs;
    this.#say = options.say;
    this.#timer = setTimeout(() => this.#miss(options.firstWithinMs), options.firstWithinMs);
  }

  sign(): void {
    if (this.state === 'missing')
      this.#say({ title: 'RESOLVED: Watchdog', text: 'It is back.', link: '', color: 'good' });
    this.state = 'alive';
    this.last = new Date().toISOString();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#miss(this.#missingAfterMs), this.#missingAfterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #miss(afterMs: number): void {
    this.state = 'missing';
    const text = `No sign of life for ${afterMs / 1000} s: Prometheus or Alertmanager is down, and no other alert would come.\ndocs/runbooks/Watchdog.md`;
    this.#say({ title: 'MISSING: Watchdog', text, link: '', color: 'danger' });
  }
}
