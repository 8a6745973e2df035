import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Box, defineTopology, type Instance, launch } from '@day90/infra';
import { afterAll, beforeAll } from '@jest/globals';
import { edge, purge } from '../src/boxes.ts';
import { links } from '../src/distances.ts';

const { 'la-seoul': la, 'london-seoul': london } = links;

/** The edges of the stage, and nothing behind them but what a test puts there. */
function edgesOf(lag: number) {
  const withoutNginx = ({ after: _nginx, ...box }: Box): Box => box;
  const link = (one: typeof la) => ({ ...(one as NonNullable<typeof one>), rttMs: lag });
  return defineTopology({
    stage: 'stage-5',
    variant: 'edges',
    door: 'edge-seoul',
    options: { purge },
    boxes: {
      'edge-seoul': withoutNginx(edge('seoul', 15_901)),
      'edge-la': edge('la', 15_902),
      'edge-london': edge('london', 15_903),
    },
    links: { 'la-seoul': link(la), 'london-seoul': link(london) },
    hello: ['${secret:purge}', '${secret:edge}'],
  });
}

export type Place = 'seoul' | 'la' | 'london';

/** One answer of an edge. */
export interface EdgeAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Address that the visitor comes from, one of 127.0.0.0/8. */
  from?: string;
}

/** Real edges before an origin that does as a test tells it. */
export class EdgeRig {
  /** What the origin was asked, without looks at its pulse. */
  readonly seen: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  /** Answers a request to the origin. */
  answer: RequestListener = (_req, res) => res.end();
  /** Answers those for one path instead: for what goes on side by side. */
  readonly answers = new Map<string, RequestListener>();
  instance: Instance | undefined;
  #server: Server | undefined;
  #port = 0;

  /** For all tests of a file. @param options - `lag`: round trip between edges in ms, none unless told. */
  static ofThisFile(name: string, options: { lag?: number; purge?: 'xkey' | 'bans' } = {}): EdgeRig {
    const rig = new EdgeRig();
    beforeAll(async () => {
      await rig.open();
      rig.instance = await launch(edgesOf(options.lag ?? 0), {
        folder: fileURLToPath(new URL('..', import.meta.url)),
        instance: `test-stage-5-${name}-${process.pid}`,
        ...{ ports: 'free', quiet: true, throwAway: true },
        ...(options.purge && { options: { purge: options.purge } }),
        env: { 'edge-seoul': { UPSTREAM_PORT: String(rig.#port) } },
        onProgress: () => {},
      });
    }, 180_000);
    afterAll(async () => {
      await rig.instance?.stop();
      await rig.close();
    }, 180_000);
    return rig;
  }

  /** The origin takes requests, at the address it had. */
  async open(): Promise<void> {
    const server = createServer((req, res) => {
      if (req.url === '/livez') return void res.end('ok');
      this.seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
      (this.answers.get(req.url ?? '') ?? this.answer)(req, res);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** The origin is gone, as after a kill. */
  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Asks an edge; the path is sent as it is. */
  ask(place: Place, path: string, { method = 'GET', headers = {}, body, from }: Ask = {}): Promise<EdgeAnswer> {
    return new Promise((resolve, reject) => {
      const port = this.instance?.box(`edge-${place}`).port;
      const options = {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers,
        agent: false,
        ...(from && { localAddress: from }),
      };
      const sent = request(options, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (more: string) => {
          text += more;
        });
        res.once('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
        res.once('error', reject);
      });
      sent.once('error', reject).end(body);
    });
  }

  /** Purges at one edge, as the app does. */
  async purge(place: Place, ...tags: string[]): Promise<number> {
    const headers = { 'x-purge-key': this.instance?.hello[0] ?? '', 'x-purge-tags': tags.join(' ') };
    return (await this.ask(place, '/', { method: 'PURGE', headers })).status;
  }

  /** What edges know each other by. */
  get edgeKey(): string {
    return this.instance?.hello[1] ?? '';
  }

  /** How often the origin was asked for a target. */
  count(url: string): number {
    return this.seen.filter((one) => one.url === url).length;
  }
}

let paths = 0;
/** A path that nothing has asked for yet. */
export function freshPath(): string {
  paths += 1;
  return `/posts/${paths}`;
}
