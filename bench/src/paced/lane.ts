import { connect, type Socket } from 'node:net';
import { AnswerReader, type ReadAnswer } from './answer-reader.ts';

/** Why no answer came. */
export type Missing = 'closed' | 'late' | 'refused';

interface Question {
  bytes: Buffer;
  reader: AnswerReader;
  done(answer: ReadAnswer | Missing): void;
}

/** One connection, kept open, over which one request at a time is sent. */
export class Lane {
  readonly #socket: Socket;
  #asked: Question | undefined;
  #connected = false;
  #open = true;

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true })
      .on('connect', () => {
        this.#connected = true;
      })
      .on('data', (chunk) => this.#read(chunk))
      .on('error', () => {})
      .on('close', () => this.#end(this.#connected ? 'closed' : 'refused'));
  }

  /** Whether another request can be sent. */
  get open(): boolean {
    return this.#open;
  }

  ask(bytes: Buffer, done: Question['done']): void {
    this.#asked = { bytes, reader: new AnswerReader(), done };
    this.#socket.write(bytes);
  }

  /** Waits no longer. */
  giveUp(): void {
    this.#end('late');
  }

  close(): void {
    this.#open = false;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const asked = this.#asked;
    // Nobody asked: whatever this is, the next answer would be read wrongly.
    if (!asked) return void this.close();
    try {
      const answer = asked.reader.push(chunk);
      if (!answer) return;
      this.#asked = undefined;
      if (!answer.keep) this.close();
      asked.done(answer);
    } catch {
      this.#end('closed');
    }
  }

  #end(why: Missing): void {
    this.close();
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.done(why);
  }
}
