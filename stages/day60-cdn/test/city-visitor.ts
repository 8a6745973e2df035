import { type IncomingHttpHeaders, request } from 'node:http';
import type { Instance } from '@day90/infra';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** What a visitor got. */
export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

interface Sent {
  json?: unknown;
  headers?: Record<string, string>;
  /** Address they come from, one of 127.0.0.0/8. */
  from?: string;
}

/** A browser in some city: at the edge there, over the distance to it, or at the origin. */
export class CityVisitor {
  readonly #port: number;
  #cookies = new Map<string, string>();

  /** @param to - The box at the end of their way. */
  constructor({ ready }: Instance, city: string, to: string) {
    const link = ready.links.find((one) => one.from === city && one.to === to);
    if (!link?.port) throw new Error(`There is no way from ${city} to ${to}.`);
    this.#port = link.port;
  }

  async login(n: number): Promise<this> {
    const got = await this.send('POST /login', { json: { email: memberEmail(n), password: DEMO_PASSWORD } });
    if (got.status !== 200) throw new Error(`The login was answered ${got.status}.`);
    return this;
  }

  /** Sends the path as it is. */
  send(call: string, { json, headers = {}, from }: Sent = {}): Promise<Got> {
    const [method = '', path = ''] = call.split(' ');
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(cookie && { cookie }),
      ...headers,
    };
    const to = { host: '127.0.0.1', port: this.#port, path, method, headers: all, agent: false as const };
    return new Promise((resolve, reject) => {
      const sent = request({ ...to, ...(from && { localAddress: from }) }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (more: string) => {
          text += more;
        });
        res.once('error', reject).once('end', () => {
          for (const one of res.headers['set-cookie'] ?? []) this.#keep(one);
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text });
        });
      });
      sent.once('error', reject).end(json === undefined ? undefined : JSON.stringify(json));
    });
  }

  async read<T>(path: string): Promise<T> {
    const { status, text } = await this.send(`GET ${path}`);
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
    return JSON.parse(text) as T;
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    this.#cookies.set(name, value);
  }
}
