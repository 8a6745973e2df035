import type { WriteStream } from 'node:tty';

const TICK_MS = 500;

/**
 * What a bench is doing and how long it will still take. On a terminal one line that is rewritten; elsewhere a plain line
 * for each step. Goes to standard error, so that `--json` has standard output for itself.
 */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;
  /** Expected seconds of the steps to come, the running one first. */
  #plan: number[] = [];
  #startedAt = Date.now();
  #text = '';
  #shown = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    if (out.isTTY) this.#timer = setInterval(() => this.#draw(), TICK_MS);
    this.#timer?.unref();
  }

  /** Lays out the run: the expected seconds of each claim. */
  plan(seconds: number[]): void {
    this.#plan = [...seconds];
    this.#startedAt = Date.now();
  }

  /** The running claim is over; the next one begins. */
  next(): void {
    this.#plan.shift();
    this.#startedAt = Date.now();
  }

  /** Says what is done now. */
  step(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    if (this.#out.isTTY) this.#draw();
    else this.#out.write(`${text}${this.#plan.length > 0 ? ` (${clock(this.secondsLeft())} left)` : ''}\n`);
  }

  /** Replaces the expected time of the running claim by what its own progress, from 0 to 1, tells. */
  done(share: number): void {
    const elapsed = (Date.now() - this.#startedAt) / 1000;
    if (share > 0.05 && this.#plan.length > 0) this.#plan[0] = elapsed / share;
  }

  /** A line that stays. */
  say(line: string): void {
    this.#clear();
    this.#out.write(`${line}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  secondsLeft(): number {
    const elapsed = (Date.now() - this.#startedAt) / 1000;
    const [running = 0, ...later] = this.#plan;
    return Math.max(1, running - elapsed) + later.reduce((sum, seconds) => sum + seconds, 0);
  }

  #draw(): void {
    const { columns = 80 } = this.#out as Partial<WriteStream>;
    const left = this.#plan.length > 0 ? `${clock(this.secondsLeft())} left` : '';
    const text = this.#text.slice(0, Math.max(0, columns - left.length - 4));
    this.#clear();
    this.#out.write(`${text}  ${left}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) this.#out.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** `1:05` */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
