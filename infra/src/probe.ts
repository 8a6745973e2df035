import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from './topology.ts';

const POLL_MS = 50;
/** One question that is not answered by then counts as no. */
const ASK_TIMEOUT_MS = 1000;

/**
 * A start-up packet of protocol 3.0 for a user that need not be there: whoever serves connections answers with a request to
 * authenticate or with an error, whoever does not yet with the error 57P03.
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
const POSTGRES_HELLO = startupPacket('user\0day90\0database\0postgres\0\0');
/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html - cannot_connect_now */
const POSTGRES_NOT_YET = 'C57P03\0';

/**
 * Asks a box until it is ready.
 * @returns Whether it got ready before `signal` was aborted.
 */
export async function untilReady(ready: Box['ready'], port: number | undefined, signal: AbortSignal): Promise<boolean> {
  if (!ready || port === undefined) return !signal.aborted;
  while (!signal.aborted) {
    if (await isReady(ready, port)) return !signal.aborted;
    await sleep(POLL_MS);
  }
  return false;
}

/** What was missing, in words. */
export function describeReady(ready: Box['ready'], port: number | undefined): string {
  if (ready && 'http' in ready) return `no 200 from http://127.0.0.1:${port}${ready.http}`;
  if (ready && 'redis' in ready) return `no Redis on port ${port} that answers PING`;
  if (ready && 'postgres' in ready) return `no Postgres on port ${port} that serves connections`;
  return `port ${port} takes no connections`;
}

async function isReady(ready: NonNullable<Box['ready']>, port: number): Promise<boolean> {
  if ('http' in ready) return answers200(port, ready.http);
  if ('tcp' in ready) return (await firstAnswer(port)) !== undefined;
  if ('redis' in ready) return /^(\+PONG|-NOAUTH)/.test((await firstAnswer(port, 'PING\r\n')) ?? '');
  const answer = (await firstAnswer(port, POSTGRES_HELLO)) ?? '';
  return answer !== '' && !answer.includes(POSTGRES_NOT_YET);
}

function answers200(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: ASK_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
  });
}

/**
 * Connects, says something, and gives the first bytes that come back as text: `''` when nothing was to be said, or nothing
 * came before the other end hung up; undefined when nobody took the connection or answered in time.
 */
function firstAnswer(port: number, words?: string | Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ASK_TIMEOUT_MS });
    const answer = (text: string | undefined) => {
      socket.destroy();
      resolve(text);
    };
    socket.once('connect', () => (words === undefined ? answer('') : socket.write(words)));
    socket.once('data', (bytes) => answer(bytes.toString('latin1')));
    socket.once('end', () => answer(''));
    for (const event of ['timeout', 'error']) socket.once(event, () => answer(undefined));
  });
}

function startupPacket(parameters: string): Buffer {
  const packet = Buffer.alloc(8 + parameters.length);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(3 << 16, 4);
  packet.write(parameters, 8, 'latin1');
  return packet;
}
