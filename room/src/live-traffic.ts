import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, Guardian, requireTool, runCommand } from '@day90/infra';
import { z } from 'zod';
import { logIn } from './log-in.ts';
import type { Load } from './snapshot.ts';
import { type TargetOptions, targetLines } from './targets.ts';

/** Nobody waits for longer. */
const PATIENCE = '15s';
/** A session lives longer, but a slider that is moved must not log in each time: there are five turns a minute. */
const SESSION_MS = 600_000;

const askedFor = z.strictObject({
  rate: z.number().min(0).max(100_000),
  writes: z.number().min(0).max(1),
  skew: z.number().min(0).max(2),
  from: z.string().max(60),
});

/**
 * Sends reads and writes of posts at a rate that can be changed while they are sent, whatever the answers are: an open model. vegeta sends them, at
 * rates for which this process would be too dear; the answers are counted where they are made, in the logs.
 */
export class LiveTraffic {
  readonly #doors: Record<string, string>;
  readonly #scratch: string;
  readonly #onTrouble: (why: string) => void;
  #running: AbortController | undefined;
  /** Resolves once what was sent last is over. */
  #sent: Promise<unknown> = Promise.resolve();
  /** Resolves once the last change is made. */
  #changed: Promise<unknown> = Promise.resolve();
  #load: Load | undefined;
  #ceiling: number | undefined;
  #session: { cookie: string; at: number } | undefined;

  /** @param of.doors - Where visitors come in, by where they are. @param of.scratch - A folder of its own. */
  constructor(of: { doors: Record<string, string>; scratch: string; onTrouble: (why: string) => void }) {
    this.#doors = of.doors;
    this.#scratch = of.scratch;
    this.#onTrouble = of.onTrouble;
  }

  /** What is sent now, or was last. */
  get load(): Load | undefined {
    return this.#load;
  }

  /**
   * Sends this from now on; a rate of 0 sends nothing. Before the first time the generator's ceiling is measured, which takes some seconds.
   * @returns The command that does the same.
   * @throws {BadInput} For what can't be sent, or without vegeta.
   */
  set(asked: unknown): Promise<string> {
    // One after the other: a slider that is moved quickly would else end what a later move began.
    const changed = this.#changed.then(() => this.#change(asked));
    this.#changed = changed.catch(() => {});
    return changed;
  }

  /** Sends nothing any more. */
  end(): void {
    this.#running?.abort();
  }

  async #change(asked: unknown): Promise<string> {
    const { door, rate, ...rest } = this.#read(asked);
    const { path } = await requireTool('vegeta', {});
    this.#ceiling ??= await this.#measureCeiling();
    const wanted = { rate: Math.round(Math.min(rate, this.#ceiling)), ...rest };
    const session = wanted.rate > 0 && wanted.writes > 0 ? await this.#sessionAt(door) : '';
    this.#running?.abort();
    await this.#sent;
    const args = this.#attackOf({ door, session, ...wanted });
    const command = ['vegeta', ...args].join(' ');
    this.#load = { ...wanted, ceiling: this.#ceiling, command };
    if (wanted.rate > 0) this.#send(path, args);
    return command;
  }

  #read(asked: unknown): z.infer<typeof askedFor> & { door: string } {
    const { data } = askedFor.safeParse(asked);
    const door = data && Object.hasOwn(this.#doors, data.from) ? this.#doors[data.from] : undefined;
    if (data && door !== undefined) return { ...data, door };
    const places = Object.keys(this.#doors).join(', ');
    throw new BadInput(
      `traffic is { rate, writes, skew, from }: writes from 0 to 1, skew from 0 to 2, from one of ${places}`,
    );
  }

  #attackOf({ rate, ...of }: TargetOptions & { rate: number }): string[] {
    mkdirSync(this.#scratch, { recursive: true });
    const targets = join(this.#scratch, 'traffic.json');
    writeFileSync(targets, targetLines(of), { mode: 0o600 }); // with a session in it
    return [
      ...['attack', '-format', 'json', '-targets', targets, '-rate', `${rate}/s`, '-duration', '0'],
      ...['-timeout', PATIENCE, '-max-body', '0', '-redirects', '-1', '-connections', '20000', '-output', '/dev/null'],
    ];
  }

  async #sessionAt(door: string): Promise<string> {
    const now = performance.now();
    if (!this.#session || now - this.#session.at > SESSION_MS) this.#session = { cookie: await logIn(door), at: now };
    return this.#session.cookie;
  }

  #send(path: string, args: string[]): void {
    const running = new AbortController();
    this.#running = running;
    // One each: ending what one has goes on for a moment, and would take what is started next along.
    const guardian = new Guardian();
    const run = { cwd: this.#scratch, env: { PATH: process.env.PATH ?? '' }, guardian, onLine: () => {} };
    this.#sent = runCommand({ argv: [path, args], ...run, signal: running.signal })
      .then(
        ({ code, lastLines }) => this.#onTrouble(`vegeta ended with ${code}: ${lastLines.at(-1) ?? 'no word'}`),
        (error: Error) => running.signal.aborted || this.#onTrouble(error.message),
      )
      .finally(() => guardian.bye());
  }

  async #measureCeiling(): Promise<number> {
    mkdirSync(this.#scratch, { recursive: true });
    // Its package brings all that measures, of which a room without traffic needs nothing.
    const { attackCeiling } = await import('@day90/bench');
    const guardian = new Guardian();
    try {
      return await attackCeiling({ scratch: this.#scratch, guardian, signal: new AbortController().signal });
    } finally {
      guardian.bye();
    }
  }
}
