import { boxColour, coloursFor } from './logs/colours.ts';
import { inWords } from './logs/in-words.ts';
import { LogTail } from './logs/log-tail.ts';
import { readLine } from './logs/read-line.ts';

const POLL_MS = 100;

/** Shows on standard output, prefixed with the box, what is written to the logs of several boxes from now on. */
export class LogView {
  readonly #boxes = new Map<string, LogTail>();
  readonly #timer: NodeJS.Timeout;
  #broken = false;

  constructor() {
    // `| head` ends before the launcher does, and that is no reason to fall.
    process.stdout.on('error', () => {
      this.#broken = true;
    });
    this.#timer = setInterval(() => this.#show(), POLL_MS);
  }

  /** Shows a box's log, too; one of the same name that was shown is closed. */
  add(name: string, log: string): void {
    this.#boxes.get(name)?.close();
    this.#boxes.set(name, new LogTail(log, 'end'));
  }

  /** Shows what is left and ends. */
  close(): void {
    clearInterval(this.#timer);
    this.#show();
    for (const tail of this.#boxes.values()) tail.close();
  }

  #show(): void {
    const colours = coloursFor(process.stdout);
    const width = Math.max(...[...this.#boxes.keys()].map((name) => name.length));
    for (const [i, [name, tail]] of [...this.#boxes].entries()) {
      const prefix = boxColour(i, colours)(`${name.padEnd(width)} |`);
      const text = [...tail.lines()].map((line) => `${prefix} ${inWords(readLine(line), colours)}\n`);
      if (!this.#broken && text.length > 0) process.stdout.write(text.join(''));
    }
  }
}
