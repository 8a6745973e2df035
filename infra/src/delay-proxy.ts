import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { delayLine } from './delay-line.ts';

const MOST_RTT_MS = 1000;

export interface DelayProxyOptions {
  /** 0 for a free one. */
  port: number;
  targetPort: number;
  /** Time from a question to its answer that the link alone takes, in milliseconds. */
  rttMs: number;
}

export interface DelayProxy {
  port: number;
  /** Cuts what is open; nothing under way arrives any more. */
  stop(): Promise<void>;
}

/**
 * A model of distance: a TCP proxy on 127.0.0.1 to a port there that delays each direction by half a round trip, and the
 * opening of a connection by a whole one. It delays and limits nothing: as much as one likes is under way at a time. No
 * packet is lost, no window opens slowly, and each delay may be up to a millisecond longer than told.
 *
 * Since the client is already connected to the proxy, a target that is down shows as a reset instead of a refusal.
 * @throws When the port is taken.
 */
export async function startDelayProxy({ port, targetPort, rttMs }: DelayProxyOptions): Promise<DelayProxy> {
  const open = new Set<() => void>();
  // Without Nagle's algorithm, which would let small chunks wait for an acknowledgement.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const cut = link(client, targetPort, rttMs);
    open.add(cut);
    client.once('close', () => open.delete(cut));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const cut of open) cut();
      }),
  };
}

/** Joins a client to the target. @returns Resets both connections. */
function link(client: Socket, targetPort: number, rttMs: number): () => void {
  let target: Socket | undefined;
  let drop = () => {};
  const cut = () => {
    clearTimeout(setUp);
    drop();
    for (const socket of [client, target]) if (!socket?.destroyed) socket?.resetAndDestroy();
  };
  const join = () => {
    const other = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true, noDelay: true });
    target = other.on('error', cut).once('connect', () => {
      const lines = [delayLine(client, other, rttMs / 2), delayLine(other, client, rttMs / 2)];
      drop = () => {
        for (const dropLine of lines) dropLine();
      };
    });
  };
  const setUp = setTimeout(join, Math.ceil(rttMs));
  client.on('error', cut);
  return cut;
}

async function main(): Promise<void> {
  const log = (fields: object) => console.log(JSON.stringify({ level: 30, time: Date.now(), ...fields }));
  const links = (process.env.LINKS ?? '').split(',').map(parseLink);
  const proxies = await Promise.all(links.map(startDelayProxy));
  for (const [i, { targetPort, rttMs }] of links.entries())
    log({ msg: `127.0.0.1:${proxies[i]?.port} to 127.0.0.1:${targetPort} with a round trip of ${rttMs} ms` });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void Promise.all(proxies.map((proxy) => proxy.stop())).then(() => process.exit(0)));
  }
}

/** One link of the variable LINKS, `port:target port:round trip in ms`. @throws {Error} For another shape. */
function parseLink(text: string): DelayProxyOptions {
  const [port = Number.NaN, targetPort = Number.NaN, rttMs = Number.NaN, ...more] = text.split(':').map(toNumber);
  const isPort = (value: number) => Number.isInteger(value) && value >= 0 && value <= 65_535;
  if (isPort(port) && isPort(targetPort) && rttMs >= 0 && rttMs <= MOST_RTT_MS && more.length === 0)
    return { port, targetPort, rttMs };
  throw new Error(`LINKS must be <port>:<port>:<0 to ${MOST_RTT_MS} ms>, comma-separated, not ${text || 'unset'}`);
}

function toNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`delay proxy: ${error.message}`);
    process.exit(1);
  });
}
