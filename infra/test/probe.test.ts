import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { untilReady } from '../src/probe.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** A server that gives one answer after the other, one a connection, then the last one for ever. */
async function answering(...answers: (string | undefined)[]): Promise<{ port: number; asked: () => string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.once('data', (bytes) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(bytes.toString('latin1'));
      if (answer === undefined) socket.destroy();
      else socket.end(answer);
    });
    socket.on('error', () => {});
  });
  servers.push(server);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return { port, asked: () => asked };
}

const wait = (ms: number) => AbortSignal.timeout(ms);
const error = (code: string) => `E\0\0\0\x20SFATAL\0VFATAL\0C${code}\0Mno\0\0`;

describe('a Redis is ready', () => {
  it.each(['+PONG\r\n', '-NOAUTH Authentication required.\r\n'])('once it answers PING with %j', async (last) => {
    const { port, asked } = await answering('-LOADING Redis is loading the dataset in memory\r\n', undefined, last);
    expect(await untilReady({ redis: true }, port, wait(5000))).toBe(true);
    expect(asked()).toEqual(['PING\r\n', 'PING\r\n', 'PING\r\n']);
  });

  it('not while it loads, nor when something else answers', async () => {
    for (const answer of ['-LOADING\r\n', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const { port } = await answering(answer);
      expect(await untilReady({ redis: true }, port, wait(200))).toBe(false);
    }
  });
});

describe('a Postgres is ready', () => {
  it.each([
    ['it asks for a password', 'R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0'],
    ['it refuses the user', error('28000')],
  ])('once %s', async (_, last) => {
    const { port, asked } = await answering(error('57P03'), last);
    expect(await untilReady({ postgres: true }, port, wait(5000))).toBe(true);
    expect(asked()).toHaveLength(2);
    expect(asked()[0]).toBe('\0\0\0\x26\0\x03\0\0user\0day90\0database\0postgres\0\0');
  });

  it('not while it starts, nor when it hangs up', async () => {
    for (const answer of [error('57P03'), undefined]) {
      const { port } = await answering(answer);
      expect(await untilReady({ postgres: true }, port, wait(200))).toBe(false);
    }
  });
});
