import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseFault, type Listening, type ServedPage, send, servePage } from '../sink-page/page-server.ts';
import { mailFaults } from './faults.ts';
import type { MailBook } from './mail-book.ts';
import { mailPage } from './mail-page.ts';
import type { MailServer } from './mail-server.ts';

interface MailPageOptions extends Listening {
  book: MailBook;
  server: MailServer;
  port: number;
}

/**
 * Shows the mails of a sink, and lets its fault be chosen: `curl -d fault=451 127.0.0.1:<port>/fault`.
 * @throws When the port is taken.
 */
export function startMailPage(options: MailPageOptions): Promise<ServedPage> {
  return servePage(options.port, (req, res) => answer(req, res, options), options);
}

function answer(req: IncomingMessage, res: ServerResponse, { book, server }: MailPageOptions): Promise<void> | void {
  const { method = '', url = '' } = req;
  if (method === 'POST' && url === '/fault') return chooseFault(req, res, mailFaults, (name) => server.setFault(name));
  if (method !== 'GET' && method !== 'HEAD') return send(res, 405, 'text/plain', 'Read with GET; POST /fault.\n');
  if (url === '/') return send(res, 200, 'text/html', mailPage(book, server.fault));
  if (url === '/mails.json') return send(res, 200, 'application/json', asJson(book, server));
  send(res, 404, 'text/plain', 'There is / and /mails.json.\n');
}

function asJson({ mails, accepted, refused, duplicates, unanswered }: MailBook, { fault }: MailServer): string {
  return JSON.stringify({ fault, accepted, refused, kept: mails.length, duplicates, unanswered, mails });
}
