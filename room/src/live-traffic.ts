import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, Guardian, requireTool, runCommand } from '@day90/infra';
import { z } from 'zod';
import type { Load } from './snapshot.ts';

/** The smallest seeded data has so many posts. */
const POSTS = 10_000;
/** Sent one after the other, and from the first one on again. */
const TARGETS = 5000;
/** Nobody waits for longer. */
const PATIENCE = '15s';

const wanted = z.strictObject({
  rate: z.number().min(0).max(100_000),
  skew: z.number().min(0).max(2),
  from: z.string().max(60),
});

/**
 * Sends reads of posts at a rate that can be changed while they are sent, whatever the answers are: an open model. vegeta sends them, at
 * rates for which this process would be too dear; the answers are counted where they are made, in the logs.
 */
export class LiveTraffic {
  readonly #doors: Record<string, string>;
  readonly #scratch: string;
  readonly #onTrouble: (why: string) => void;
  #guardian: Guardian | undefined;
  #running: AbortController | undefined;
  /** Resolves once what was sent last is over. */
  #sent: Promise<unknown> = Promise.resolve();
  /** Resolves once the last change is made. */
  #changed: Promise<unknown> = Promise.resolve();
  #load: Load | undefined;
  #ceiling: number | undefined;

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
    void this.#guardian?.endAll().then(() => this.#guardian?.bye());
  }

  async #change(asked: unknown): Promise<string> {
    const { door, rate, ...rest } = this.#read(asked);
    this.#running?.abort();
    await this.#sent;
    const { path } = await requireTool('vegeta', {});
    this.#ceiling ??= await this.#measureCeiling();
    const load = { rate: Math.round(Math.min(rate, this.#ceiling)), ...rest, ceiling: this.#ceiling };
    const args = this.#attackOf(door, load);
    this.#load = load;
    if (load.rate > 0) this.#send(path, args);
    return ['vegeta', ...args].join(' ');
  }

  #read(asked: unknown): z.infer<typeof wanted> & { door: string } {
    const { data } = wanted.safeParse(asked);
    const door = data && Object.hasOwn(this.#doors, data.from) ? this.#doors[data.from] : undefined;
    if (data && door !== undefined) return { ...data, door };
    const places = Object.keys(this.#doors).join(', ');
    throw new BadInput(`traffic is { rate, skew, from }: skew from 0 to 2, from one of ${places}`);
  }

  #attackOf(door: string, { rate, skew }: { rate: number; skew: number }): string[] {
    mkdirSync(this.#scratch, { recursive: true });
    const targets = join(this.#scratch, 'targets.json');
    const lines = skewedPosts(skew).map((post) => JSON.stringify({ method: 'GET', url: `${door}/posts/${post}` }));
    writeFileSync(targets, `${lines.join('\n')}\n`);
    return [
      ...['attack', '-format', 'json', '-targets', targets, '-rate', `${rate}/s`, '-duration', '0'],
      ...['-timeout', PATIENCE, '-max-body', '0', '-redirects', '-1', '-connections', '20000', '-output', '/dev/null'],
    ];
  }

  #send(path: string, args: string[]): void {
    const running = new AbortController();
    this.#running = running;
    this.#guardian ??= new Guardian();
    const run = {
      cwd: this.#scratch,
      env: { PATH: process.env.PATH ?? '' },
      guardian: this.#guardian,
      onLine: () => {},
    };
    this.#sent = runCommand({ argv: [path, args], ...run, signal: running.signal }).then(
      ({ code, lastLines }) => this.#onTrouble(`vegeta ended with ${code}: ${lastLines.at(-1) ?? 'no word'}`),
      (error: Error) => running.signal.aborted || this.#onTrouble(error.message),
    );
  }

  async #measureCeiling(): Promise<number> {
    this.#guardian ??= new Guardian();
    mkdirSync(this.#scratch, { recursive: true });
    // Its package brings all that measures, of which a room without traffic needs nothing.
    const { attackCeiling } = await import('@day90/bench');
    const signal = new AbortController().signal;
    return attackCeiling({ scratch: this.#scratch, guardian: this.#guardian, signal });
  }
}

/**
 * Numbers of posts as visitors ask for them, the popular ones more often.
 * @param skew - Exponent of Zipf's law: 0 asks for all alike, 1 for the second half as often as for the first.
 * @see https://en.wikipedia.org/wiki/Zipf%27s_law
 */
export function skewedPosts(skew: number, random: () => number = Math.random): number[] {
  const sums: number[] = [];
  for (let post = 1; post <= POSTS; post += 1) sums.push((sums.at(-1) ?? 0) + post ** -skew);
  const all = sums.at(-1) ?? 1;
  return Array.from({ length: TARGETS }, () => placeIn(sums, random() * all) + 1);
}

/** Index of the first that is above `value`. */
function placeIn(sums: number[], value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
