import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type MailFault, SLOW_MS } from './faults.ts';
import { readHeaders } from './headers.ts';
import type { MailBook, ReceivedMail } from './mail-book.ts';

/** A conversation that is open at the end gets this long before it is cut, in milliseconds. */
const CLOSE_TIMEOUT_MS = 300;

/** @see https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3 */
const REFUSALS = { 451: 'local error in processing, try again later', 550: 'no such mailbox here' };

interface MailServerOptions {
  book: MailBook;
  /** Time between the end of a mail and the answer that it is accepted. */
  delayMs: number;
  onMail: (mail: ReceivedMail) => void;
}

/** Speaks SMTP on 127.0.0.1, without TLS and without a login, and does wrong what it is told to. */
export class MailServer {
  readonly #options: MailServerOptions;
  readonly #server: SMTPServer;
  /** By the client's port: a session knows no more of its connection. */
  readonly #sockets = new Map<number, Socket>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  #fault: MailFault = 'none';
  #port = 0;
  #stopping = false;

  constructor(options: MailServerOptions) {
    this.#options = options;
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onConnect: (_session, greet) => {
        if (this.#fault !== 'hang') greet();
      },
      onRcptTo: (_recipient, _session, done) => done(this.#refusal()),
      onData: (stream, session, done) => void this.#take(stream, session, done),
    });
    this.#server.server.on('connection', (socket) => {
      const { remotePort = 0 } = socket;
      this.#sockets.set(remotePort, socket);
      socket.once('close', () => this.#sockets.delete(remotePort));
    });
  }

  get port(): number {
    return this.#port;
  }

  get fault(): MailFault {
    return this.#fault;
  }

  /** @throws When the port is taken. */
  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve());
    });
    // A client that drops its connection is an event here, not the end of the sink.
    this.#server.removeAllListeners('error').on('error', () => {});
    const address = this.#server.server.address();
    this.#port = typeof address === 'object' && address ? address.port : port;
  }

  /**
   * From now on it does this wrong, until told otherwise. What becomes of a mail was settled when it began to come.
   * @throws When its port was taken while it was closed.
   */
  async setFault(fault: MailFault): Promise<void> {
    const { listening } = this.#server.server;
    if (fault === 'refuse' && listening) this.#server.server.close();
    if (fault !== 'refuse' && !listening) await this.listen(this.#port);
    this.#fault = fault;
  }

  /** Ends within a second, also with a conversation open. */
  stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession, done: (error?: Error) => void): Promise<void> {
    const fault = this.#fault;
    try {
      const header = await readHeaders(stream);
      if (this.#stopping) return;
      const timer = setTimeout(
        () => {
          this.#waiting.delete(timer);
          this.#accept(session, header, fault, done);
        },
        this.#options.delayMs + (fault === 'slow' ? SLOW_MS : 0),
      );
      this.#waiting.add(timer);
    } catch (error) {
      done(error as Error);
    }
  }

  /** Kept also when its sender has gone: a server that has a whole mail delivers it (RFC 5321, 6.1). */
  #accept(
    { envelope, remotePort }: SMTPServerSession,
    header: (name: string) => string,
    fault: MailFault,
    done: () => void,
  ) {
    const socket = this.#sockets.get(remotePort);
    const mail = this.#options.book.add({
      to: envelope.rcptTo.map(({ address }) => address),
      subject: header('subject'),
      messageId: header('message-id'),
      requestId: header('x-request-id'),
      answered: fault !== 'drop' && socket !== undefined,
    });
    this.#options.onMail(mail);
    if (fault === 'drop') socket?.resetAndDestroy();
    else done();
  }

  #refusal(): Error | null {
    const fault = this.#fault;
    if (fault !== '451' && fault !== '550') return null;
    this.#options.book.refused[fault] += 1;
    return Object.assign(new Error(REFUSALS[fault]), { responseCode: Number(fault) });
  }
}
