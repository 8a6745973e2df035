import type { MailFault } from './mail/faults.ts';
import { MailBook, type ReceivedMail } from './mail/mail-book.ts';
import { MailServer } from './mail/mail-server.ts';
import { startMailPage } from './mail/page-server.ts';
import { numberFrom } from './number-from.ts';
import type { Listening } from './sink-page/page-server.ts';

export interface MailSink {
  port: number;
  /** Of its page, where it has one. */
  page: number | undefined;
  /** In the order they were accepted, the last 10,000. */
  mails: readonly ReceivedMail[];
  /** What it does wrong from now on. @throws When its port was taken while it was closed. */
  setFault(fault: MailFault): Promise<void>;
  /** Ends within a second, also with a conversation open. */
  stop(): Promise<void>;
}

/**
 * An SMTP server that takes every mail, slowly, and sends none on. No TLS, no login.
 * @param options.port - 0 for a free one.
 * @param options.pagePort - Shows the mails there, and lets the fault be chosen; 0 for a free one, no page unless told.
 * @param options.delayMs - Time between the end of the mail and the answer that it is accepted.
 * @throws When a port is taken.
 */
export async function startMailSink(
  options: Listening & {
    port: number;
    pagePort?: number | undefined;
    delayMs: number;
    onMail?: (mail: ReceivedMail) => void;
  },
): Promise<MailSink> {
  const { host, name, port, pagePort, delayMs, onMail = () => {} } = options;
  const book = new MailBook();
  const server = new MailServer({ book, delayMs, onMail });
  await server.listen(port, host);
  const page =
    pagePort === undefined
      ? undefined
      : await startMailPage({ book, server, port: pagePort, host, name }).catch(async (error: unknown) => {
          await server.stop();
          throw error;
        });
  return {
    port: server.port,
    page: page?.port,
    mails: book.mails,
    setFault: (fault) => server.setFault(fault),
    stop: async () => void (await Promise.all([server.stop(), page?.stop()])),
  };
}

async function main(): Promise<void> {
  const log = (fields: object) => console.log(JSON.stringify({ level: 30, time: Date.now(), ...fields }));
  const sink = await startMailSink({
    port: numberFrom('PORT') ?? 2525,
    pagePort: numberFrom('PAGE_PORT'),
    delayMs: numberFrom('MAIL_DELAY_MS') ?? 2000,
    host: process.env.HOST,
    name: process.env.HOST_NAME,
    onMail: (mail) => log({ msg: 'mail accepted', ...mail }),
  });
  log({ msg: `mail sink on port ${sink.port}${sink.page === undefined ? '' : `, page on port ${sink.page}`}` });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sink.stop().then(() => process.exit(0)));
  }
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`mail sink: ${error.message}`);
    process.exit(1);
  });
}
