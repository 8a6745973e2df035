import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type DelayProxy, startDelayProxy } from '../src/delay-proxy.ts';

const PROGRAM = fileURLToPath(new URL('../src/delay-proxy.ts', import.meta.url));
const RTT_MS = 60;
let server: Server | undefined;
let proxy: DelayProxy | undefined;

afterEach(async () => {
  await proxy?.stop();
  await new Promise<unknown>((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)));
});

/** A server behind a link; what it does with a connection is the test's. */
async function behindLink(serve: (socket: Socket) => void, rttMs = RTT_MS): Promise<Socket> {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  proxy = await startDelayProxy({ port: 0, targetPort: (server.address() as AddressInfo).port, rttMs });
  return client();
}

function client(): Socket {
  const socket = connect({ host: '127.0.0.1', port: proxy?.port ?? 0, allowHalfOpen: true });
  return socket.on('error', () => {});
}

const echo = (socket: Socket) => void socket.pipe(socket);

/** Resolves when so many bytes have come. */
async function receive(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= length) return Buffer.concat(chunks);
  }
}

/** Waits until a count has stayed as it is for so long: when it gets there is up to the machine. */
async function stillFor(ms: number, count: () => number): Promise<number> {
  for (;;) {
    const before = count();
    await sleep(ms);
    if (count() === before && before > 0) return before;
  }
}

async function timeOf(socket: Socket, text: string): Promise<number> {
  const began = performance.now();
  socket.write(text);
  await receive(socket, text.length);
  return performance.now() - began;
}

describe('the delay proxy', () => {
  it('takes a round trip to open a connection and one for each question', async () => {
    const socket = await behindLink(echo);
    expect(await timeOf(socket, 'first')).toBeGreaterThanOrEqual(2 * RTT_MS);
    for (const text of ['second', 'third']) expect(await timeOf(socket, text)).toBeGreaterThanOrEqual(RTT_MS);
  });

  it('keeps the order of what is under way, and lets it travel together', async () => {
    const socket = await behindLink(echo);
    await timeOf(socket, 'opened');
    const words = Array.from({ length: 40 }, (_, i) => `${String(i).padStart(3, '0')};`);
    const began = performance.now();
    const back = receive(socket, words.join('').length);
    for (const word of words) {
      socket.write(word);
      await sleep(1);
    }
    expect(String(await back)).toBe(words.join(''));
    expect(performance.now() - began).toBeLessThan(words.length * RTT_MS); // what they take one after the other
  });

  it('serves connections side by side', async () => {
    const sockets = [await behindLink(echo), ...Array.from({ length: 19 }, client)];
    const began = performance.now();
    await Promise.all(sockets.map((socket) => timeOf(socket, 'hello')));
    // One after the other: a round trip each to connect, and one to ask.
    expect(performance.now() - began).toBeLessThan(sockets.length * 2 * RTT_MS);
  });

  it('carries the bytes unchanged, more than fit at once, to a reader that pauses', async () => {
    const big = Buffer.alloc(40 * 1024 * 1024, 'Day90 ');
    const socket = await behindLink((other) => other.end(big), 2);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await sleep(30);
    socket.pause();
    await sleep(100);
    socket.resume();
    await once(socket, 'end');
    expect(Buffer.concat(chunks).equals(big)).toBe(true);
  });

  it('makes a sender wait for a reader that does not read', async () => {
    let sent = 0;
    const socket = await behindLink((other) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const send = () => {
        while (other.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      other.on('drain', send);
      send();
    }, 2);
    socket.pause();
    const stuck = await stillFor(500, () => sent);
    expect(stuck).toBeGreaterThan(0);
    expect(stuck).toBeLessThan(64 * 1024 * 1024);
  });

  it('passes on the end of one direction and leaves the other open', async () => {
    const socket = await behindLink((other) => {
      let text = '';
      other.on('data', (chunk) => {
        text += chunk;
      });
      other.on('end', () => other.end(`got ${text}`));
    });
    socket.end('all of it');
    expect(String(await receive(socket, 13))).toBe('got all of it');
    await once(socket, 'end');
  });

  it('resets the client when the target is down, after the round trip it takes to learn of it', async () => {
    const down = createServer();
    await new Promise<void>((resolve) => down.listen(0, '127.0.0.1', resolve));
    const { port } = down.address() as AddressInfo;
    await new Promise((resolve) => down.close(resolve));
    proxy = await startDelayProxy({ port: 0, targetPort: port, rttMs: RTT_MS });
    const began = performance.now();
    const [error] = await once(client(), 'error').catch((reason) => [reason]);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(RTT_MS - 1);
  });

  it('ends the one side when the other is reset', async () => {
    const closed = Promise.withResolvers<void>();
    const served = Promise.withResolvers<Socket>();
    const socket = await behindLink((other) => {
      other.resume().once('close', () => closed.resolve());
      served.resolve(other);
    }, 2);
    await served.promise;
    await sleep(20);
    socket.resetAndDestroy();
    await closed.promise;
    const connections = await new Promise((resolve) => server?.getConnections((_, count) => resolve(count)));
    expect(connections).toBe(0);
    await once(client(), 'connect');
  });

  it('leaves no connection and nothing under way when it is stopped', async () => {
    const got: string[] = [];
    const socket = await behindLink((other) => other.on('data', (chunk) => got.push(String(chunk))), 400);
    await once(socket, 'connect');
    socket.write('never arrives');
    await sleep(450);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await proxy?.stop();
    await ended;
    await sleep(300);
    expect(got).toEqual([]);
    const connections = await new Promise((resolve) => server?.getConnections((_, count) => resolve(count)));
    expect(connections).toBe(0);
    const refused = await once(client(), 'connect').catch((error) => error);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the delay proxy as a process', () => {
  it.each(['0:9:-1', '0:9:1001', '0:9:10ms', '0::10', '70000:9:10', '1.5:9:10', '0:9', '0:9:10:1', '0:9:10,', ''])(
    'says in one line what is wrong with %j',
    (links) => {
      const run = spawnSync(process.execPath, [PROGRAM], {
        env: { LINKS: links, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
        encoding: 'utf8',
        timeout: 10_000,
      });
      const wrong = links.split(',').at(-1) || 'unset';
      const line = `LINKS must be <port>:<port>:<0 to 1000 ms>, comma-separated, not ${wrong}`;
      expect(run.stderr.trimEnd()).toBe(`delay proxy: ${line}`);
      expect(run.status).toBe(1);
    },
  );

  it('serves several links, each with its own round trip', async () => {
    const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const target = (echo.address() as AddressInfo).port;
    const links = `0:${target}:10,0:${target}:800`;
    const child = spawn(process.execPath, [PROGRAM], { env: { LINKS: links }, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    try {
      const took: number[] = [];
      for (const _rttMs of [10, 800]) {
        const { value } = await lines.next();
        const socket = connect(Number(/127\.0\.0\.1:(\d+) to/.exec(value ?? '')?.[1]), '127.0.0.1');
        const began = performance.now();
        socket.write('x');
        await once(socket, 'data');
        took.push(performance.now() - began);
        socket.destroy();
      }
      const [near = 0, far = 0] = took;
      expect(near).toBeGreaterThanOrEqual(2 * 10 - 1);
      expect(near).toBeLessThan(2 * 800 - 1);
      expect(far).toBeGreaterThanOrEqual(2 * 800 - 1);
    } finally {
      child.kill();
      await once(child, 'exit');
      echo.close();
    }
  });
});
