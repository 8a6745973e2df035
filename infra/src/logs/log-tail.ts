import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/** Reads a file that grows, line by line. */
export class LogTail {
  readonly #file: number;
  #offset: number;
  #rest = Buffer.alloc(0);

  /** @param from - `end`: what is written from now on, also to a file that is not there yet. */
  constructor(path: string, from: 'start' | 'end') {
    this.#file = openSync(path, from === 'end' ? 'a+' : 'r');
    this.#offset = from === 'end' ? fstatSync(this.#file).size : 0;
  }

  /** Whole lines that were not read yet. A line that is being written comes once it is whole. */
  *lines(): Generator<string> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let read = this.#read(chunk); read > 0; read = this.#read(chunk)) {
      // Cut as bytes: a character may go over the end of a chunk.
      const bytes = Buffer.concat([this.#rest, chunk.subarray(0, read)]);
      const end = bytes.lastIndexOf(LINE_END);
      this.#rest = bytes.subarray(end + 1);
      if (end >= 0) yield* bytes.toString('utf8', 0, end).split('\n');
    }
  }

  /** When the file was last written to, in milliseconds since 1970. */
  get writtenAt(): number {
    return fstatSync(this.#file).mtimeMs;
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(chunk: Buffer): number {
    const read = readSync(this.#file, chunk, 0, CHUNK_BYTES, this.#offset);
    this.#offset += read;
    return read;
  }
}
