import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What a scripted mail server answers, by the word a line begins with; `.` ends a mail. Undefined: nothing, ever. */
export type Script = Partial<
  Record<'greeting' | 'EHLO' | 'HELO' | 'MAIL' | 'RCPT' | 'DATA' | '.', string | ((socket: Socket) => void)>
>;

const GOOD = {
  greeting: '220 test',
  EHLO: '250 test',
  HELO: '250 test',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  '.': '250 ok',
};

/** A mail server on 127.0.0.1 that answers as told, and keeps what it heard. */
export class ScriptedSmtp {
  /** Every line that came, mails included. */
  readonly heard: string[] = [];
  readonly #server = createServer((socket) => this.#talk(socket));
  readonly #script: Script;
  readonly #sockets = new Set<Socket>();

  /** @param script - Where it differs from a server that takes everything. */
  constructor(script: Script = {}) {
    this.#script = { ...GOOD, ...script };
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #talk(socket: Socket): void {
    this.#sockets.add(socket.on('error', () => {}));
    let inMail = false;
    const answer = (word: keyof Script) => {
      const said = this.#script[word];
      if (typeof said === 'string') socket.write(`${said}\r\n`);
      else said?.(socket);
    };
    answer('greeting');
    createInterface({ input: socket }).on('line', (line) => {
      this.heard.push(line);
      if (inMail && line !== '.') return;
      const word = line.split(' ', 1)[0] as keyof Script;
      inMail = word === 'DATA';
      answer(word);
    });
  }
}
