import { connect, type Socket } from 'node:net';
import { type CacheTiming, cacheTiming } from '../visitors.ts';

/** What one reader of a burst met. */
export interface BurstAnswer {
  status: number;
  timing: CacheTiming;
  /** Milliseconds from the start of the burst to the whole answer. */
  ms: number;
}

const HEAD_END = '\r\n\r\n';

/**
 * Readers who all ask for one path in the same moment: on connections that are open already, with a request that is written
 * as it is. A full HTTP client would take longer to send a thousand of them than the load takes that they are to wait for.
 */
export class Burst {
  readonly #sockets: Socket[];

  private constructor(sockets: Socket[]) {
    this.#sockets = sockets;
  }

  /** Opens connections, the same number to each port. */
  static async open(ports: number[], readers: number): Promise<Burst> {
    const opened = Array.from({ length: readers }, (_, i) => {
      const socket = connect({ host: '127.0.0.1', port: ports[i % ports.length] as number, noDelay: true });
      socket.setEncoding('latin1');
      return new Promise<Socket>((resolve, reject) => {
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      });
    });
    return new Burst(await Promise.all(opened));
  }

  /** @throws {Error} When a connection ends instead of answering. */
  send(path: string): Promise<BurstAnswer[]> {
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    const startedAt = performance.now();
    const answers = this.#sockets.map((socket) => answerOn(socket, startedAt));
    for (const socket of this.#sockets) socket.write(request);
    return Promise.all(answers);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function answerOn(socket: Socket, startedAt: number): Promise<BurstAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const end = () => reject(new Error('a connection ended instead of answering'));
    const take = (chunk: string) => {
      text += chunk;
      const bodyAt = text.indexOf(HEAD_END) + HEAD_END.length;
      if (bodyAt < HEAD_END.length) return;
      const head = text.slice(0, bodyAt);
      if (text.length - bodyAt < Number(header(head, 'Content-Length'))) return;
      socket.off('data', take).off('close', end);
      resolve({
        status: Number(head.slice(9, 12)),
        timing: cacheTiming(header(head, 'Server-Timing')),
        ms: performance.now() - startedAt,
      });
    };
    socket.on('data', take).once('close', end);
  });
}

function header(head: string, name: string): string {
  const at = head.indexOf(`\r\n${name}: `);
  return at < 0 ? '' : head.slice(at + name.length + 4, head.indexOf('\r\n', at + 2));
}
