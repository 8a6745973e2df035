import { cpSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, TemplateProcess } from './template-process.ts';

const INCLUDED = ['headers.conf', 'visitor.conf'];
const NGINX = fileURLToPath(new URL('../nginx/', import.meta.url));

/** One request as a box got it. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A box behind nginx that does as it is told, and remembers what it was asked. */
export class FakeBox {
  readonly seen: Seen[] = [];
  connections = 0;
  port = 0;
  /** Called with each request, once its body is there. */
  answer: RequestListener = (_req, res) => res.end(this.name);
  readonly name: string;
  readonly #server: Server;

  constructor(name: string) {
    this.name = name;
    this.#server = createServer((req, res) => {
      let body = '';
      req.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      req.on('end', () => {
        this.seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
        this.answer(req, res);
      });
    });
    this.#server.keepAliveTimeout = 65_000;
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return this.port;
  }

  /** Breaks every connection off, now and from now on: what a client of a killed process sees. */
  async die(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Breaks a connection off in the middle of a request, as a box does that is killed. */
export const dies: RequestListener = (req) => void req.socket.destroy();
/** Takes a request and never says anything, as a box does that is frozen. */
export const hangs: RequestListener = () => {};

/** nginx on the stage's template. */
export interface NginxRig {
  url: string;
  port: number;
  nginx: TemplateProcess;
  /** The lines of the access log so far, as JSON. */
  log(): Record<string, unknown>[];
  close(): Promise<void>;
}

/**
 * Starts nginx before these ports.
 * @param method - Of the upstream; round robin unless told, so that the first request goes to the first box.
 */
export async function startNginx(ports: number[], method = ''): Promise<NginxRig> {
  const port = await freePort();
  const nginx = new TemplateProcess(
    port,
    'nginx/nginx.conf',
    {
      'port:nginx': String(port),
      'option:balance.method': method,
      'servers:app': ports.map((one) => `server 127.0.0.1:${one} max_fails=1 fail_timeout=2s;`).join('\n'),
    },
    (file, folder) => ['nginx', '-e', 'stderr', '-p', folder, '-c', file],
  );
  for (const file of INCLUDED) cpSync(join(NGINX, file), join(nginx.folder, file));
  await nginx.start();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    nginx,
    log: () =>
      nginx
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    close: () => nginx.close(),
  };
}

/** The bytes of a POST of a post, with these lines in its head. */
export const rawPost = (head: string, body = '') => `POST /posts HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`;
/** The bytes of a GET, with these lines in its head, each with its line end. */
export const rawGet = (path: string, head = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n`;

/** Sends bytes as they are, and collects what comes back until the other side closes, or nothing has come for a second. */
export function sendRaw(port: number, bytes: string): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const over = (closed: boolean) => {
      socket.destroy();
      resolve({ text, closed });
    };
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more;
    });
    socket.setTimeout(1_000, () => over(false));
    socket.once('close', () => over(true)).on('error', () => {});
  });
}

/** Sends a byte at a time, for as long as the other side listens. @returns What came back. */
export function drip(port: number, start: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(start));
    const timer = setInterval(() => socket.write('x'), 200);
    socket.on('data', (more) => {
      text += more;
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearInterval(timer);
      resolve(text);
    });
  });
}

/** Addresses at which only a socket takes connections that listens on more than 127.0.0.1. */
export function otherAddresses(): string[] {
  const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  // All of 127/8 is this machine on Linux.
  return ['127.0.0.2', '::1', ...outside.filter(({ internal }) => !internal).map(({ address }) => address)];
}

export function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const over = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    const socket = connect({ host, port, timeout: 1_000 }, () => over(true));
    socket.once('timeout', () => over(false)).once('error', () => over(false));
  });
}
