import { connect, type Socket } from 'node:net';
import type { Rig } from '@day90/bench/drill';

/** What a slow client does not come to an end with. */
export type Slow = 'headers' | 'body' | 'reading';

const BYTE_EVERY_MS = 1000;
const POST = 'POST /posts HTTP/1.1\r\nHost: slow\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n';
const GET = 'GET /posts?limit=100 HTTP/1.1\r\nHost: slow\r\n';

/** Clients of one address who hold their connections by being slow, each as slow as it can be without being silent. */
export class SlowSockets {
  /** How long each connection lasted that the other end has closed, in milliseconds. */
  readonly closedAfterMs: number[] = [];
  readonly #sockets: Socket[];
  readonly #timer: NodeJS.Timeout;

  constructor(rig: Rig, slow: Slow, count: number) {
    const from = rig.now();
    let ended = false;
    const port = Number(new URL(rig.instance.url).port);
    this.#sockets = Array.from({ length: count }, () => {
      const socket = connect(port, '127.0.0.1', () => {
        if (slow === 'body') socket.write(`${POST}{`);
        if (slow === 'reading') socket.write(`${GET}\r\n`);
        if (slow === 'headers') socket.write(`${GET}X-Long: `);
      });
      if (slow === 'reading') socket.pause();
      else socket.resume();
      socket.on('error', () => {}); // closed by the other end, which is what is waited for
      socket.once('close', () => ended || this.closedAfterMs.push(rig.now() - from));
      return socket;
    });
    this.#timer = setInterval(() => {
      for (const socket of this.#sockets) {
        if (socket.destroyed) continue;
        if (slow === 'reading') socket.read(1);
        else socket.write('a');
      }
    }, BYTE_EVERY_MS);
    this.end = () => {
      ended = true;
      clearInterval(this.#timer);
      for (const socket of this.#sockets) socket.destroy();
    };
  }

  /** They all go. */
  readonly end: () => void;

  get open(): number {
    return this.#sockets.filter(({ destroyed }) => !destroyed).length;
  }
}
