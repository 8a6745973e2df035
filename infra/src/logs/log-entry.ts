import type { Level } from './levels.ts';
import type { LineContent } from './line-content.ts';
import type { LogTail } from './log-tail.ts';
import { readLine } from './read-line.ts';

/** A line of a box's log, with what it takes from the lines around it. */
export interface LogEntry extends LineContent {
  at: number;
  box: string;
  level: Level;
}

/** Reads the log of one box. */
export class EntryReader {
  readonly #name: string;
  readonly #tail: LogTail;
  #at: number | undefined;
  #before: { level: Level; isJson: boolean } = { level: 'info', isJson: false };

  /** @param name - Of the box, for lines that name none. */
  constructor(name: string, tail: LogTail) {
    this.#name = name;
    this.#tail = tail;
  }

  /**
   * What was not read yet. A line without a time has that of the line before it; the first ones have that of the first line
   * with one, and in a file with none at all the time when it was last written to.
   * @param part - Lines without it are passed over, and not even parsed.
   */
  *entries(part = ''): Generator<LogEntry> {
    const undated: LogEntry[] = [];
    for (const line of this.#tail.lines()) {
      if (line === '' || !line.includes(part)) continue;
      const entry = this.#entry(line);
      if (this.#at === undefined) {
        undated.push(entry);
        continue;
      }
      yield* dated(undated.splice(0), this.#at);
      yield { ...entry, at: this.#at };
    }
    yield* dated(undated, this.#tail.writtenAt);
  }

  close(): void {
    this.#tail.close();
  }

  #entry(line: string): LogEntry {
    const read = readLine(line);
    const isJson = Object.keys(read.fields).length > 0;
    const level = read.level ?? this.#levelAfter(isJson);
    this.#before = { level, isJson };
    if (read.at !== undefined && Number.isFinite(read.at)) this.#at = read.at;
    return { ...read, at: this.#at ?? 0, box: read.box ?? this.#name, level };
  }

  /** Among lines of JSON, plain ones are what a process had to say before it ended; else they go on with the line before. */
  #levelAfter(isJson: boolean): Level {
    if (isJson) return 'info';
    return this.#before.isJson ? 'error' : this.#before.level;
  }
}

function dated(entries: LogEntry[], at: number): LogEntry[] {
  return entries.map((entry) => ({ ...entry, at }));
}
