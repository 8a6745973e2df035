import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Fault } from './fault-form.ts';
import { isForeignHost, isForeignWrite, PAGE_HEADERS } from './page-guard.ts';

/** The page of something that stands in for a service, while it is served. */
export interface ServedPage {
  port: number;
  /** Ends at once, also with an answer that never comes. */
  stop(): Promise<void>;
}

const STYLE = readFileSync(new URL('./sink-page.css', import.meta.url));
const READS = ['GET', 'HEAD'];
/** `fault=451`, and some room. */
const FORM_BYTES = 200;

/** Where a sink listens: on 127.0.0.1 unless told. */
export interface Listening {
  host?: string | undefined;
  /** What it is called by those who reach it there, beside 127.0.0.1 and localhost. */
  name?: string | undefined;
}

/**
 * Serves `answer`, and the style of all such pages. Without a login: what they show is made up, and on 127.0.0.1 nobody else
 * can reach them. On ports of their own and not through the launcher's socket, so that a sink in a test, or in a container, is
 * told in the same way.
 * @throws When the port is taken.
 */
export async function servePage(
  port: number,
  answer: (req: IncomingMessage, res: ServerResponse) => Promise<void> | void,
  { host = '127.0.0.1', name }: Listening = {},
): Promise<ServedPage> {
  const server = createServer((req, res) => {
    if (isForeignHost(req, name)) return send(res, 421, 'text/plain', 'This page is on 127.0.0.1 only.\n');
    if (!READS.includes(req.method ?? '') && isForeignWrite(req))
      return send(res, 403, 'text/plain', 'Writes from other sites are refused.\n');
    if (req.method === 'GET' && req.url === '/sink-page.css') return send(res, 200, 'text/css', STYLE);
    void Promise.resolve(answer(req, res)).catch((error: Error) => send(res, 500, 'text/plain', `${error.message}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
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

/** Answers `POST /fault` of a form or of `curl -d fault=451`, and shows a browser the page again. */
export async function chooseFault<Name extends string>(
  req: IncomingMessage,
  res: ServerResponse,
  faults: readonly Fault<Name>[],
  choose: (name: Name) => Promise<void> | void,
): Promise<void> {
  const length = Number(req.headers['content-length'] ?? Number.NaN);
  if (!(length <= FORM_BYTES)) return send(res, 413, 'text/plain', 'A form of one field is enough.\n');
  const asked = new URLSearchParams(await text(req)).get('fault');
  const fault = faults.find(({ name }) => name === asked);
  if (!fault) return send(res, 400, 'text/plain', `fault is one of ${faults.map(({ name }) => name).join(', ')}.\n`);
  await choose(fault.name);
  res.setHeader('Location', '/');
  send(res, 303, 'text/plain', `${fault.name}: ${fault.meaning}\n`);
}

export function send(res: ServerResponse, status: number, type: string, body: string | Buffer): void {
  res.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': `${type}; charset=utf-8` });
  res.end(body);
}
