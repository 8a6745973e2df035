import { BadInput } from './bad-input.ts';
import type { BoxProcess } from './box-process.ts';
import type { Progress } from './progress.ts';

const FIRST_DELAY_MS = 1000;
const MOST_RESTARTS = 5;
/** How a box ends that has drained. */
const CLEAN_END = 'exit code 0';
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
  readonly #stopping = new AbortController();

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

  /**
   * Ends the box for good.
   * @returns How it ended, if it ran.
   */
  async stop(): Promise<string | undefined> {
    this.#stopping.abort(new BadInput(`box ${this.box.settings.name} is being ended`));
    clearTimeout(this.#timer);
    const how = await this.box.stop();
    this.state = 'down';
    return how;
  }

  /**
   * Ends the box as `stop` does and starts it anew.
   * @throws {BadInput} When it is not up; when it ended otherwise than by itself with exit code 0, or did not get ready
   *   again: it is then treated as if it had died.
   */
  async roll(): Promise<void> {
    const { name } = this.box.settings;
    if (this.state !== 'up' || this.held) throw new BadInput(`box ${name} is ${this.held ? 'held' : this.state}`);
    this.state = 'starting'; // its end is no death
    const how = await this.box.stop();
    this.#stopping.signal.throwIfAborted();
    if (how !== CLEAN_END) {
      this.#next(how ?? 'it was gone');
      throw new BadInput(`box ${name} did not end by itself with ${CLEAN_END}: ${how ?? 'it was gone'}`, {
        code: 'D90-BOX-FAILED',
      });
    }
    const problem = await this.#start();
    if (problem !== undefined)
      throw new BadInput(`box ${name} did not come back: ${problem}`, { code: 'D90-BOX-FAILED' });
  }

  #died(how: string): void {
    // While it starts, #restart sees the failure itself.
    if (this.#stopping.signal.aborted || this.state === 'starting') return;
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
    if (this.#stopping.signal.aborted) return;
    this.state = 'starting';
    this.restarts += 1;
    await this.#start();
  }

  /** @returns Why it did not get ready, if it did not. What follows from that is under way. */
  async #start(): Promise<string | undefined> {
    try {
      await this.box.start(this.#stopping.signal);
      this.#stopping.signal.throwIfAborted();
      this.state = 'up';
      this.#readySince = Date.now();
      this.#events.say(`${this.box.settings.name} is back (pid ${this.box.pid})`);
      this.#events.onBack();
      return undefined;
    } catch (error) {
      const problem = (error as Error).message.split('\n', 1)[0] ?? 'not ready';
      if (this.#stopping.signal.aborted) return problem; // `stop` ends it, in the box's own time
      // Only once it is gone: its exit, heard while it waits, would count as a second death.
      await this.box.kill();
      if (!this.#stopping.signal.aborted) this.#next(problem);
      return problem;
    }
  }
}
