import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Guardian } from '@day90/infra';
import type { z } from 'zod';
import { GuardedChild } from './guarded-child.ts';
import { Answers, FILES, type PacedPace, type PacedPlan, pacedEnd, type Target } from './paced-plan.ts';

const PROCESS = fileURLToPath(new URL('./paced-process.ts', import.meta.url));

/** A load, and what it works with. */
export interface PacedLoad {
  url: string;
  targets: readonly Target[];
  /** Which target each request is, by its index. */
  order: Uint32Array;
  pace: PacedPace;
  /** A folder for what the two processes tell each other. */
  scratch: string;
  guardian: Guardian;
  signal: AbortSignal;
}

/** What became of a load. */
export type PacedRun = Answers & z.infer<typeof pacedEnd> & { order: Uint32Array };

/**
 * Sends prepared requests from one Node process that does nothing else, over bare sockets, and notes of each its time from when it
 * was due. For rates at which vegeta itself is what the machine is busy with: it decides on each request as a program would, and this
 * writes bytes that are there already.
 * @throws {Error} When the process fails; the signal's reason when that was aborted.
 */
export async function pacedLoad({ url, targets, order, pace, scratch, ...around }: PacedLoad): Promise<PacedRun> {
  const { hostname: host, port } = new URL(url);
  const plan: PacedPlan = { host, port: Number(port), count: order.length, pace };
  writeFileSync(join(scratch, FILES.plan), JSON.stringify(plan));
  writeFileSync(join(scratch, FILES.order), new Uint8Array(order.buffer, order.byteOffset, order.byteLength));
  await writeTargets(join(scratch, FILES.targets), targets);
  const child = new GuardedChild(PROCESS, { args: [scratch], ...around });
  const end = pacedEnd.parse(await child.next());
  await child.ended;
  return Object.assign(new Answers(order.length, readFileSync(join(scratch, FILES.answers))), end, { order });
}

async function writeTargets(file: string, targets: readonly Target[]): Promise<void> {
  const out = createWriteStream(file);
  for (const target of targets) out.write(`${JSON.stringify(target)}\n`);
  out.end();
  await finished(out);
}

const CEILING = { atOnce: 64, seconds: 2 };
const MOST_IN_CEILING = 400_000;
const CONSTANT = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** How many requests a second it can send here and hear of, to a server in this process that gives one constant answer. */
export async function pacedCeiling(around: Omit<PacedLoad, 'url' | 'targets' | 'order' | 'pace'>): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    // A connection sends its next request only after the answer: one chunk is one request.
    socket.on('data', () => socket.write(CONSTANT)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const targets = [requestOf(url, { path: '/' })];
    const { sent, seconds } = await pacedLoad({
      ...{ ...around, url, targets, order: new Uint32Array(MOST_IN_CEILING), pace: CEILING },
    });
    return Math.round(sent / seconds);
  } finally {
    server.close();
  }
}

/** A request in its bytes. @param shot.body - Sent as JSON. */
export function requestOf(
  url: string,
  shot: { method?: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: unknown },
): Target {
  const { method = 'GET', path, headers = {}, body } = shot;
  const json = body === undefined ? '' : JSON.stringify(body);
  const all = {
    Host: new URL(url).host,
    ...headers,
    ...(json && { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(json)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const again = method === 'GET' || 'Idempotency-Key' in headers;
  return { text: `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${json}`, again };
}
