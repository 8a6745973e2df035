import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { BadInput, isForeignHost, isForeignWrite } from '@day90/infra';
import type { PageFiles } from './page-files.ts';

/** Its own script, style and answers, and nothing from anywhere else. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
/** An action and its box. */
const BODY_BYTES = 1000;

/** What stands behind the page. */
export interface Behind {
  files: PageFiles;
  token: string;
  /** Takes over an answer, and writes events to it until it is closed. */
  watch(res: ServerResponse): void;
  /** What a write asked for, by path. May throw BadInput. */
  writes: Record<string, (body: unknown) => Promise<unknown>>;
}

/** Serves the page on 127.0.0.1. @throws When the port is taken. */
export async function serveRoom(port: number, behind: Behind): Promise<Server> {
  const server = createServer((req, res) => void answer(req, res, behind));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** The address that opens the page. */
export function urlOf(server: Server, token: string): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/?key=${token}`;
}

async function answer(req: IncomingMessage, res: ServerResponse, behind: Behind): Promise<void> {
  const { method = '', url = '' } = req;
  if (isForeignHost(req)) return send(res, 421, 'text/plain', 'This page is on 127.0.0.1 only.\n');
  if (method === 'POST') return write(req, res, behind);
  const [path = '', query] = url.split('?');
  if (method !== 'GET' && method !== 'HEAD') return send(res, 405, 'text/plain', 'GET and POST only.\n');
  // What tells of the instance, and the token with it, is for whoever was told the address: others may have accounts here, too.
  if (['/', '/events'].includes(path) && !isSame(new URLSearchParams(query).get('key'), behind.token))
    return send(res, 403, 'text/plain', 'The whole address, with its key, is in the terminal.\n');
  const file = Object.hasOwn(behind.files, path) ? behind.files[path] : undefined;
  if (file) return send(res, 200, file.type, file.body);
  if (path !== '/events') return send(res, 404, 'text/plain', 'There is / and /events.\n');
  res.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
  behind.watch(res);
}

/** A write comes from the page itself: it knows the token, its origin is this one, and its body is JSON, which no form can send. */
async function write(req: IncomingMessage, res: ServerResponse, { token, writes }: Behind): Promise<void> {
  const { headers, url = '' } = req;
  if (isForeignWrite(req)) return send(res, 403, 'text/plain', 'Writes from other sites are refused.\n');
  if (!isSame(headers['x-room-token'], token)) return send(res, 403, 'text/plain', 'The token is in the page.\n');
  if (headers['content-type'] !== 'application/json') return send(res, 415, 'text/plain', 'JSON only.\n');
  if (!(Number(headers['content-length']) <= BODY_BYTES)) return send(res, 413, 'text/plain', 'An action is enough.\n');
  const act = Object.hasOwn(writes, url) ? writes[url] : undefined;
  if (!act) return send(res, 404, 'text/plain', `There is ${Object.keys(writes).join(', ')}.\n`);
  try {
    send(res, 200, 'application/json', JSON.stringify(await act(JSON.parse(await text(req)))));
  } catch (error) {
    const isTheirs = error instanceof BadInput || error instanceof SyntaxError;
    if (!isTheirs) console.error(error);
    send(res, isTheirs ? 400 : 500, 'text/plain', `${(error as Error).message}\n`);
  }
}

function isSame(given: string | string[] | null | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
  res.end(body);
}
