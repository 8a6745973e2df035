import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

const POLL_MS = 100;
const CHUNK_BYTES = 64 * 1024;
const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const BOX_COLOURS = ['cyan', 'magenta', 'green', 'blue', 'yellow'] as const;

/** Colours for a stream: none where it is not a terminal, none with NO_COLOR. */
export function coloursFor(stream: NodeJS.WriteStream) {
  const wanted = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return picocolors.createColors(Boolean(wanted));
}

/** Shows on standard output, prefixed with the box, what is written to the logs of several boxes from now on. */
export class LogView {
  readonly #boxes = new Map<string, Tail>();
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
    this.#boxes.set(name, new Tail(log));
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
      const colour = colours[BOX_COLOURS[i % BOX_COLOURS.length] ?? 'cyan'];
      const prefix = colour(`${name.padEnd(width)} |`);
      const text = tail.lines().map((line) => `${prefix} ${renderLine(line, colours)}\n`);
      if (!this.#broken && text.length > 0) process.stdout.write(text.join(''));
    }
  }
}

/**
 * One log line for people: level, message, request and answer of a pino JSON line; any other line as it is. Control
 * characters are taken out: a request's URL could otherwise speak to the terminal.
 */
export function renderLine(line: string, colours = picocolors.createColors(false)): string {
  const entry = parsed(line);
  if (!entry) return printable(line);
  const level =
    typeof entry.level === 'number' ? (LEVELS[entry.level] ?? String(entry.level)) : String(entry.level ?? '');
  const shown =
    level === 'error' || level === 'fatal' ? colours.red(level) : level === 'warn' ? colours.yellow(level) : level;
  const parts = [shown, text(entry.msg), ...requestParts(entry), text(record(entry.err)?.message)];
  return parts.filter((part) => part !== '').join(' ');
}

function requestParts(entry: Record<string, unknown>): string[] {
  const request = record(entry.req);
  const status = record(entry.res)?.statusCode;
  const time = typeof entry.responseTime === 'number' ? `${Math.round(entry.responseTime)} ms` : '';
  return [text(request?.method), text(request?.url), text(status), time];
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return record(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '';
}

function printable(value: string): string {
  return stripVTControlCharacters(value).replace(/\p{Cc}/gu, ' ');
}

/** Reads what is added to a file. */
class Tail {
  readonly #file: number;
  #offset: number;
  #rest = '';

  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    this.#offset = statSync(path).size;
  }

  /** Whole lines written since the last call. */
  lines(): string[] {
    const chunks: Buffer[] = [];
    while (fstatSync(this.#file).size > this.#offset) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = readSync(this.#file, chunk, 0, CHUNK_BYTES, this.#offset);
      this.#offset += read;
      chunks.push(chunk.subarray(0, read));
    }
    if (chunks.length === 0) return [];
    const lines = (this.#rest + Buffer.concat(chunks).toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  close(): void {
    closeSync(this.#file);
  }
}
