import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from './topology.ts';

const POLL_MS = 50;
/** One question that is not answered by then counts as no. */
const ASK_TIMEOUT_MS = 1000;

/**
 * Asks a box until it is ready.
 * @returns Whether it got ready before `signal` was aborted.
 */
export async function untilReady(ready: Box['ready'], port: number | undefined, signal: AbortSignal): Promise<boolean> {
  if (!ready || port === undefined) return !signal.aborted;
  while (!signal.aborted) {
    if (await ('http' in ready ? answers200(port, ready.http) : takesConnections(port))) return !signal.aborted;
    await sleep(POLL_MS);
  }
  return false;
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

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ASK_TIMEOUT_MS });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => answer(true));
    for (const event of ['timeout', 'error']) socket.once(event, () => answer(false));
  });
}
