import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { mailFaults } from './faults.ts';
import type { MailBook } from './mail-book.ts';
import { mailPage } from './mail-page.ts';
import type { MailServer } from './mail-server.ts';
import { isForeignHost, isForeignWrite, PAGE_HEADERS } from './page-guard.ts';

interface MailPageOptions {
  book: MailBook;
  server: MailServer;
  port: number;
}

const STYLE = readFileSync(new URL('./mail-page.css', import.meta.url));
/** `fault=451`, and some room. */
const FORM_BYTES = 200;

/**
 * Shows the mails of a sink on 127.0.0.1, and lets its fault be chosen: `curl -d fault=451 127.0.0.1:<port>/fault`.
 * Without a script, and without a login: what it shows is made up, and nobody else can reach it. On its own port and
 * not through the launcher's socket, so that a sink in a test, or in a container, is told in the same way.
 * @throws When the port is taken.
 */
export async function startMailPage(options: MailPageOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer((req, res) => {
    void answer(req, res, options).catch((error: Error) => send(res, 500, 'text/plain', `${error.message}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, { book, server }: MailPageOptions): Promise<void> {
  const { method = '', url = '' } = req;
  if (isForeignHost(req)) return send(res, 421, 'text/plain', 'This page is on 127.0.0.1 only.\n');
  if (method === 'POST' && url === '/fault') return chooseFault(req, res, server);
  if (method !== 'GET' && method !== 'HEAD') return send(res, 405, 'text/plain', 'Read with GET; POST /fault.\n');
  if (url === '/') return send(res, 200, 'text/html', mailPage(book, server.fault));
  if (url === '/mail-page.css') return send(res, 200, 'text/css', STYLE);
  if (url === '/mails.json') return send(res, 200, 'application/json', asJson(book, server));
  send(res, 404, 'text/plain', 'There is / and /mails.json.\n');
}

/** Answers a browser with the page again. */
async function chooseFault(req: IncomingMessage, res: ServerResponse, server: MailServer): Promise<void> {
  if (isForeignWrite(req)) return send(res, 403, 'text/plain', 'Writes from other sites are refused.\n');
  const length = Number(req.headers['content-length'] ?? Number.NaN);
  if (!(length <= FORM_BYTES)) return send(res, 413, 'text/plain', 'A form of one field is enough.\n');
  const asked = new URLSearchParams(await text(req)).get('fault');
  const fault = mailFaults.find(({ name }) => name === asked);
  if (!fault)
    return send(res, 400, 'text/plain', `fault is one of ${mailFaults.map(({ name }) => name).join(', ')}.\n`);
  await server.setFault(fault.name);
  res.setHeader('Location', '/');
  send(res, 303, 'text/plain', `${fault.name}: ${fault.meaning}\n`);
}

function asJson({ mails, accepted, refused, duplicates, unanswered }: MailBook, { fault }: MailServer): string {
  return JSON.stringify({ fault, accepted, refused, kept: mails.length, duplicates, unanswered, mails });
}

function send(res: ServerResponse, status: number, type: string, body: string | Buffer): void {
  res.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': `${type}; charset=utf-8` });
  res.end(body);
}
