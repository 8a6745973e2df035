import type { Transporter } from 'nodemailer';
import { currentContext } from './context.ts';
import type { Mailer } from './ports.ts';
import type { Resource } from './resources.ts';

/** Time to connect and be greeted, in milliseconds. */
const GREETED_MS = 2000;
/** Time for all of a mail. nodemailer limits silence alone: a server that sends a byte now and then would hold it. */
const SEND_MS = 10_000;

/** A mail that was not accepted, or of which nobody can know whether it was. */
export class MailError extends Error {
  override name = 'MailError';
  /** The server refused this very mail for good: another try is no use, and costs its sender the server's trust. */
  readonly permanent: boolean;

  constructor(message: string, options: { permanent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.permanent = options.permanent;
  }
}

/**
 * Sends mails over SMTP, one connection a mail.
 * @param url - `smtp://host:port`.
 * @param from - Sender's address.
 * @param options.timeoutMs - Longest time for a mail, 10,000 unless told; a server that does not greet has less.
 * @returns A mailer that rejects with a {@link MailError} when the server can't be reached, refuses, or is too slow.
 */
export function smtpMailer(url: string, from: string, { timeoutMs = SEND_MS } = {}): Mailer & Resource {
  let opened: Promise<Transporter> | undefined;
  return {
    async send({ to, ...mail }) {
      opened ??= openTransport(url);
      const transport = await opened;
      const signal = AbortSignal.timeout(timeoutMs);
      // An address that is handed over as a text is parsed, and could turn out to be two.
      const sent = transport.sendMail({ from, to: { name: '', address: to }, ...mail, headers: ofRequest(), signal });
      await sent.catch((error: unknown) => {
        throw signal.aborted ? tooSlow(timeoutMs, error) : refused(error);
      });
    },
    async close() {
      (await opened)?.close();
    },
  };
}

/** With the first mail: every process has this module, and nodemailer takes 10 MB of the many that send none. */
async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    ...{ url, connectionTimeout: GREETED_MS },
    // A mail's fields are texts. nodemailer would take an object there for a file or a page to be read.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

/** What a mail follows from: who asks about it can name the request in all logs. */
function ofRequest(): Record<string, string> {
  const id = currentContext()?.requestId;
  return id === undefined ? {} : { 'X-Request-Id': id };
}

function tooSlow(timeoutMs: number, cause: unknown): MailError {
  return new MailError(`The mail server did not accept the mail within ${timeoutMs / 1000} s.`, {
    ...{ permanent: false, cause },
  });
}

/** Commands about one mail: what is refused before them, such as a login, is refused to all until somebody mends it. */
const OF_ONE_MAIL = ['MAIL FROM', 'RCPT TO', 'DATA'];

/** @see https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 — 5yz is for good, 4yz is not, silence says nothing */
function refused(error: unknown): MailError {
  const { message, code, command = '', responseCode = 0 } = error as Error & SmtpFailure;
  const byServer = responseCode >= 500 && OF_ONE_MAIL.includes(command);
  const byAddress = code === 'EENVELOPE' && responseCode === 0;
  return new MailError(message, { permanent: byServer || byAddress, cause: error });
}

/** What nodemailer adds to its errors. `code` is its own, `responseCode` the server's. */
interface SmtpFailure {
  code?: string;
  command?: string;
  responseCode?: number;
}
