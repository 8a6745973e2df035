import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inTime } from './in-time.ts';
import { EntryReader, type LogEntry } from './log-entry.ts';
import { LogTail } from './log-tail.ts';

/** A box's log, but not that of its run before. */
const LOG = /^([a-z0-9-]+)\.log$/;

/** The logs of all boxes of an instance, also of those that come while they are read. */
export class InstanceLogs {
  readonly #folder: string;
  readonly #readers = new Map<string, { reader: EntryReader; inode: number }>();

  /** @param from - `end`: only what is written from now on. */
  constructor(folder: string, from: 'start' | 'end') {
    this.#folder = folder;
    if (from === 'end') this.#open('end');
  }

  /** Of the boxes that have written anything, or could. */
  get names(): string[] {
    return readdirSync(this.#folder)
      .flatMap((file) => LOG.exec(file)?.[1] ?? [])
      .sort();
  }

  /**
   * What was not read yet, by time.
   * @param part - Only lines with it.
   */
  entries(part = ''): Generator<LogEntry> {
    this.#open('start');
    return inTime([...this.#readers.values()].map(({ reader }) => reader.entries(part)));
  }

  close(): void {
    for (const { reader } of this.#readers.values()) reader.close();
    this.#readers.clear();
  }

  /** Under a name that is known there is another file once its instance was started anew. */
  #open(from: 'start' | 'end'): void {
    for (const name of this.names) {
      const path = join(this.#folder, `${name}.log`);
      const { ino } = statSync(path);
      const known = this.#readers.get(name);
      if (known?.inode === ino) continue;
      known?.reader.close();
      this.#readers.set(name, { reader: new EntryReader(name, new LogTail(path, from)), inode: ino });
    }
  }
}
