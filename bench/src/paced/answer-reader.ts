/** What of an answer counts under load. */
export interface ReadAnswer {
  status: number;
  /** An edge had it. */
  fromEdge: boolean;
  /** A database was asked for it. */
  fromDatabase: boolean;
  /** The connection can be used again. */
  keep: boolean;
}

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *([0-9]{1,9})\r\n/i;
const EDGE = /\r\nx-cache: (?:HIT|STALE)\r\n/i;
const QUERIES = /desc="[1-9][0-9]{0,6} quer/;
const CLOSES = /\r\nconnection: close\r\n/i;
const WITHOUT_BODY = new Set([204, 304]);

/**
 * Reads one answer of HTTP/1.1 with a `Content-Length`, as all here have one. Bodies are counted and not kept: a parser that makes
 * objects of everything costs more than what it is to measure.
 */
export class AnswerReader {
  #head = '';
  #answer: ReadAnswer | undefined;
  #left = 0;

  /**
   * @returns The answer once all of it has come.
   * @throws {Error} When it has no length, or more comes than it said.
   */
  push(chunk: Buffer): ReadAnswer | undefined {
    let body = chunk.length;
    if (!this.#answer) {
      this.#head += chunk.toString('latin1');
      const end = this.#head.indexOf(HEAD_END);
      if (end < 0) return undefined;
      body = this.#head.length - end - HEAD_END.length;
      this.#begin(this.#head.slice(0, end + '\r\n'.length));
    }
    this.#left -= body;
    if (this.#left < 0) throw new Error('more came than the answer said');
    return this.#left === 0 ? this.#answer : undefined;
  }

  #begin(head: string): void {
    const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    const length = WITHOUT_BODY.has(status) ? '0' : LENGTH.exec(head)?.[1];
    if (length === undefined) throw new Error('an answer without Content-Length');
    this.#left = Number(length);
    this.#answer = { status, fromEdge: EDGE.test(head), fromDatabase: QUERIES.test(head), keep: !CLOSES.test(head) };
  }
}
