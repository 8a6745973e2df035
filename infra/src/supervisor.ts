import type { BoxProcess } from './box-process.ts';
import type { Progress } from './progress.ts';

const FIRST_DELAY_MS = 1000;
const MOST_RESTARTS = 5;
/** A box that stayed ready this long has its restarts back. */
const STEADY_MS = 60_000;

/** `down`: it died, and will not be started again by itself (held, or given up). */
export type BoxState = 'starting' | 'up' | 'waiting' | 'down';

export interface SupervisorEvents {
  /** A restarted box is ready. */
  onBack: () => void;
  /** It died after the last restart it had. */
  onGivenUp: (why: string) => void;
  say: Progress;
}

/** Keeps one box running: when it dies unasked it is started again after 1 s, doubling, five times, unless held. */
export class Supervisor {
  readonly box: BoxProcess;
  state: BoxState = 'starting';
  restarts = 0;
  held = false;
  readonly #events: SupervisorEvents;
  #attempts = 0;
  #readySince = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(box: BoxProcess, events: SupervisorEvents) {
    this.box = box;
    this.#events = events;
  }

  /** From now on a death is answered with a restart. */
  watch(): void {
    this.state = 'up';
    this.#readySince = Date.now();
    this.box.onExit = (how) => this.#died(how);
  }

  /** No restart until {@link release}. */
  hold(): void {
    this.held = true;
    if (this.state === 'waiting') this.state = 'down';
    clearTimeout(this.#timer);
  }

  /** Restarts again; a box that is down starts at once. */
  release(): void {
    this.held = false;
    if (this.state === 'down') void this.#restart();
  }

  /** Ends the box for good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.box.stop();
    this.state = 'down';
  }

  #died(how: string): void {
    // While it starts, #restart sees the failure itself.
    if (this.#stopping || this.state === 'starting') return;
    if (Date.now() - this.#readySince > STEADY_MS) this.#attempts = 0;
    this.#next(how);
  }

  #next(how: string): void {
    const { name } = this.box.settings;
    clearTimeout(this.#timer);
    if (this.held) {
      this.state = 'down';
      this.#events.say(`${name} ended (${how}); it is held, so it stays down`);
    } else if (this.#attempts >= MOST_RESTARTS) {
      this.state = 'down';
      this.#events.say(
        `${name} ended (${how}) after ${MOST_RESTARTS} restarts; given up. Its log: ${this.box.settings.log}`,
      );
      this.#events.onGivenUp(`box ${name} ended again and again (${how})`);
    } else {
      const delay = FIRST_DELAY_MS * 2 ** this.#attempts;
      this.#attempts += 1;
      this.state = 'waiting';
      this.#events.say(
        `${name} ended (${how}); starting it again in ${delay / 1000} s (${this.#attempts} of ${MOST_RESTARTS})`,
      );
      this.#timer = setTimeout(() => void this.#restart(), delay);
    }
  }

  async #restart(): Promise<void> {
    if (this.#stopping) return;
    this.state = 'starting';
    this.restarts += 1;
    try {
      await this.box.start();
      if (this.#stopping) return;
      this.state = 'up';
      this.#readySince = Date.now();
      this.#events.say(`${this.box.settings.name} is back (pid ${this.box.pid})`);
      this.#events.onBack();
    } catch (error) {
      // Only once it is gone: its exit, heard while it waits, would count as a second death.
      await this.box.kill();
      if (this.#stopping) return;
      this.#next((error as Error).message.split('\n', 1)[0] ?? 'not ready');
    }
  }
}
