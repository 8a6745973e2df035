import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** Headers end long before this; the rest of a mail is read and dropped. */
const HEADER_BYTES = 64 * 1024;
/** A conversation that is open at the end gets this long before it is cut, in milliseconds. */
const CLOSE_TIMEOUT_MS = 300;

/** A mail that was accepted. Its body is not kept. */
export interface ReceivedMail {
  to: string[];
  subject: string;
  messageId: string;
}

export interface MailSink {
  port: number;
  /** In the order they were accepted. */
  mails: ReceivedMail[];
  /** Ends within a second, also with a conversation open. */
  stop(): Promise<void>;
}

/**
 * An SMTP server on 127.0.0.1 that takes every mail, slowly, and sends none on. No TLS, no login.
 * @param options.port - 0 for a free one.
 * @param options.delayMs - Time between the end of the mail and the answer that it is accepted.
 * @throws When the port is taken.
 */
export async function startMailSink(options: {
  port: number;
  delayMs: number;
  onMail?: (mail: ReceivedMail) => void;
}): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  const waiting = new Set<NodeJS.Timeout>();
  let stopping = false;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData: (stream, session, done) => {
      void headersOf(stream).then((headers) => {
        if (stopping) return;
        const mail: ReceivedMail = {
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          subject: headerValue(headers, 'subject'),
          messageId: headerValue(headers, 'message-id'),
        };
        const timer = setTimeout(() => {
          waiting.delete(timer);
          mails.push(mail);
          options.onMail?.(mail);
          done();
        }, options.delayMs);
        waiting.add(timer);
      }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  // A client that drops its connection is an event here, not the end of the sink.
  server.removeAllListeners('error');
  server.on('error', () => {});
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    mails,
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        for (const timer of waiting) clearTimeout(timer);
        server.close(resolve);
      }),
  };
}

async function headersOf(stream: SMTPServerDataStream): Promise<string> {
  let kept = '';
  for await (const chunk of stream) {
    if (kept.length < HEADER_BYTES) kept += String(chunk);
  }
  return kept.split(/\r?\n\r?\n/, 1)[0] ?? '';
}

/** A header's value with folded lines joined (RFC 5322, 2.2.3). */
function headerValue(headers: string, name: string): string {
  const unfolded = headers.replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
}

async function main(): Promise<void> {
  const log = (fields: object) => console.log(JSON.stringify({ level: 30, time: Date.now(), ...fields }));
  const sink = await startMailSink({
    port: numberFrom('PORT', 2525),
    delayMs: numberFrom('MAIL_DELAY_MS', 2000),
    onMail: (mail) => log({ msg: 'mail accepted', ...mail }),
  });
  log({ msg: `mail sink on 127.0.0.1:${sink.port}` });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sink.stop().then(() => process.exit(0)));
  }
}

function numberFrom(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number, not ${process.env[name]}`);
  return value;
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`mail sink: ${error.message}`);
    process.exit(1);
  });
}
