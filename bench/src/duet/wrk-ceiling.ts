import type { IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { Guardian } from '@day90/infra';
import { type RecordedAnswer, recordAnswer } from '../recorded-answer.ts';
import type { DuetArm } from './load-arm.ts';
import { runWrk, type Wrk } from './wrk.ts';

const SECONDS = 1;
/** Enough that wrk never waits for this server. */
const CONNECTIONS = 64;

/**
 * How many requests a second this wrk can send and read at least: to a server that sends one constant answer for whatever
 * comes, the first answer of a real arm. It does less for a request than wrk itself; what stops the two first is not
 * asked, so the true ceiling may be higher.
 * @throws {Error} When the arm does not answer with a status below 400: that would be measured, and not its work.
 */
export async function wrkCeiling(options: {
  wrk: Wrk;
  arm: DuetArm;
  guardian: Guardian;
  signal: AbortSignal;
}): Promise<number> {
  const { arm, ...run } = options;
  const answer = await firstAnswer(arm);
  const server = createServer({ noDelay: true }, (socket) => {
    // A connection sends its next request only after the answer: one chunk is one request.
    socket.on('data', () => socket.write(answer)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const nobody = () => {};
    const count = await runWrk({
      ...{ ...run, url, connections: CONNECTIONS, seconds: SECONDS, onUp: nobody, onDone: nobody },
    });
    return Math.round(count.answered / count.seconds);
  } finally {
    server.close();
  }
}

async function firstAnswer({ label, urls, requests }: DuetArm): Promise<Buffer> {
  // Of what reads: it is asked for once more than the load does.
  const first = requests?.find((request) => typeof request === 'string' || !request.method) ?? '';
  const { path, headers } = typeof first === 'string' ? { path: first, headers: {} } : first;
  const url = new URL(path || (urls[0] as string), urls[0]);
  const answer = await recordAnswer(url, headers);
  if (answer.status >= 400) throw new Error(`${label} answers ${answer.status} to ${url.pathname}${url.search}`);
  return asBytes(answer);
}

function asBytes({ status, headers, body }: RecordedAnswer): Buffer {
  const all: IncomingHttpHeaders = { ...headers, 'content-length': String(body.length) };
  const lines = Object.entries(all).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} OK\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}
