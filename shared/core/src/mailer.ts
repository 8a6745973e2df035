import { createTransport } from 'nodemailer';
import type { Mailer } from './ports.ts';
import type { Resource } from './resources.ts';

/**
 * Sends mails over SMTP, one connection a mail.
 * @param url - `smtp://host:port`.
 * @param from - Sender's address.
 * @returns A mailer that rejects when the server can't be reached, refuses, or does not accept within 10 s.
 */
export function smtpMailer(url: string, from: string): Mailer & Resource {
  const transport = createTransport({ url, connectionTimeout: 2000, greetingTimeout: 2000, socketTimeout: 10_000 });
  return {
    async send(mail) {
      await transport.sendMail({ from, ...mail });
    },
    async close() {
      transport.close();
    },
  };
}
