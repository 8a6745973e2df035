import { Agent, get } from 'node:http';
import type { Instance } from '@day90/infra';

/** What a visitor met. */
export interface Visit {
  /** 0 where no answer came. */
  status: number;
  /** Until the answer was whole, in milliseconds. */
  ms: number;
  /** `X-Cache` */
  cache: string;
  text: string;
}

/** Reads over connections that stay open, as a browser does after its first page. */
export class Visitor {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** At an edge, or any other box, itself. */
  static at(instance: Instance, box: string): Visitor {
    return new Visitor(instance.box(box).port as number);
  }

  /** In a city, with its distance to a box. */
  static from({ ready }: Instance, city: string, to: string): Visitor {
    const link = ready.links.find((one) => one.from === city && one.to === to);
    if (!link?.port) throw new Error(`There is no way from ${city} to ${to}.`);
    return new Visitor(link.port);
  }

  /** Never rejects. */
  read(path: string, headers: Record<string, string> = {}): Promise<Visit> {
    const sentAt = performance.now();
    return new Promise((resolve) => {
      let text = '';
      const end = (status: number, cache = '') => resolve({ status, ms: performance.now() - sentAt, cache, text });
      const sent = get({ host: '127.0.0.1', port: this.#port, path, headers, agent: this.#agent }, (answer) => {
        answer.setEncoding('utf8').on('data', (more: string) => {
          text += more;
        });
        answer.once('end', () => end(answer.statusCode ?? 0, String(answer.headers['x-cache'] ?? '')));
        answer.once('error', () => end(0));
      });
      sent.once('error', () => end(0));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
