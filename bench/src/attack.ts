import { createReadStream, createWriteStream } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { type Guardian, requireTool, runCommand } from '@day90/infra';
import { z } from 'zod';

/** One request of an attack. */
export interface Shot {
  method?: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/** What became of one request. Times in milliseconds. */
export interface Hit {
  /** Which of the shots it was, from 0. */
  shot: number;
  /** When it was due, since the first one was. */
  due: number;
  /** The same on the clock, since 1970. */
  at: number;
  /** From when it was due to its answer: a generator that is late must not make the answers look faster. */
  took: number;
  /** By how much it was sent late. */
  late: number;
  /** 0 without an answer. */
  status: number;
  /** `Retry-After`, in seconds. */
  retryAfter?: number;
  error?: string;
}

/** `rate`: so many a second, whatever the answers are · `atOnce`: each when one before it was answered, for so many seconds. */
export type Pace = { rate: number } | { atOnce: number; seconds: number };

interface Attack {
  url: string;
  /** Each is sent once at a rate; else as many as there is time for, and from the first one on again. */
  shots: readonly Shot[];
  pace: Pace;
  /** An empty folder. */
  scratch: string;
  guardian: Guardian;
  signal: AbortSignal;
}

/** Nobody waits for longer. */
const PATIENCE = '15s';

/**
 * Sends requests with vegeta, at rates for which a generator in this process is too dear.
 * @returns Once the last answer is there: what reads the hits, in the order in which they were due, which takes about as much CPU as
 *   sending did. To be called once, while `scratch` is there.
 * @throws {BadInput} Without vegeta and without Go to build it.
 */
export async function attack({ url, shots, pace, scratch, guardian, signal }: Attack): Promise<() => Promise<Hit[]>> {
  const { path } = await requireTool('vegeta', { signal });
  const [targets, results, decoded] = ['targets.json', 'results.bin', 'results.json'].map((name) =>
    join(scratch, name),
  );
  await writeTargets(targets as string, url, shots);
  const vegeta = async (...args: string[]) => {
    const run = { cwd: scratch, env: { PATH: process.env.PATH ?? '' }, guardian, signal, onLine: () => {} };
    const { code, lastLines } = await runCommand({ argv: [path, args], ...run });
    if (code !== 0) throw new Error(`vegeta ${args[0]} ended with ${code}: ${lastLines.at(-1) ?? 'no word'}`);
  };
  const from = ['-format', 'json', '-targets', targets as string];
  const bounds = ['-timeout', PATIENCE, '-max-body', '0', '-redirects', '-1', '-connections', '20000'];
  await vegeta('attack', ...from, ...paceFlags(pace, shots.length), ...bounds, '-output', results as string);
  return async () => {
    await vegeta('encode', '-to', 'json', '-output', decoded as string, results as string);
    return readHits(decoded as string, 'rate' in pace ? 1000 / pace.rate : undefined);
  };
}

function paceFlags(pace: Pace, shots: number): string[] {
  const [rate, seconds] = 'rate' in pace ? [pace.rate, shots / pace.rate] : [0, pace.seconds];
  const flags = ['-rate', `${rate}`, '-duration', `${seconds}s`];
  return 'rate' in pace ? flags : [...flags, '-workers', `${pace.atOnce}`, '-max-workers', `${pace.atOnce}`];
}

async function writeTargets(file: string, url: string, shots: readonly Shot[]): Promise<void> {
  const out = createWriteStream(file);
  for (const { method = 'GET', path, headers = {}, body } of shots) {
    const header = { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    const target = {
      method,
      url: new URL(path, url).href,
      header: Object.fromEntries(Object.entries(header).map(([name, value]) => [name, [value]])),
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)).toString('base64') }),
    };
    out.write(`${JSON.stringify(target)}\n`);
  }
  out.end();
  await finished(out);
}

/** What vegeta tells of a request, as far as it is read here; its latency in nanoseconds. */
const told = z.object({
  seq: z.int(),
  code: z.int(),
  timestamp: z.string(),
  latency: z.number(),
  error: z.string(),
  headers: z.record(z.string(), z.array(z.string())).nullable(),
});

/** @param gap - Between two that were due, in milliseconds; none where each was due when it was sent. */
async function readHits(file: string, gap: number | undefined): Promise<Hit[]> {
  const hits: (Omit<Hit, 'at'> & { sentAt: number })[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { seq, code, timestamp, latency, error, headers } = told.parse(JSON.parse(line));
    const retryAfter = headers?.['Retry-After']?.[0];
    hits.push({
      ...{ shot: seq, due: seq * (gap ?? 0), sentAt: milliseconds(timestamp) },
      ...{ took: latency / 1e6, late: 0, status: code },
      ...(code === 0 && { error }),
      ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
    });
  }
  const first = hits.reduce((least, { sentAt, due }) => Math.min(least, sentAt - due), Number.POSITIVE_INFINITY);
  return hits
    .map(({ sentAt, ...hit }) => {
      if (gap === undefined) return { ...hit, due: sentAt - first, at: sentAt };
      const late = sentAt - first - hit.due;
      return { ...hit, late, took: hit.took + late, at: first + hit.due };
    })
    .sort((a, b) => a.due - b.due);
}

/** RFC 3339 with nanoseconds, of which a `Date` would keep three digits. */
function milliseconds(timestamp: string): number {
  const [seconds = '', fraction = '0', zone = ''] = timestamp.split(/\.(\d+)/);
  return Date.parse(seconds + zone) + Number(`0.${fraction}`) * 1000;
}

const CEILING_SECONDS = 2;
/** Enough that vegeta never waits for this server. */
const CEILING_AT_ONCE = 64;
const CONSTANT = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** How many requests a second vegeta can send here and hear of, to a server that gives one constant answer. */
export async function attackCeiling(around: Omit<Attack, 'url' | 'shots' | 'pace'>): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    // A connection sends its next request only after the answer: one chunk is one request.
    socket.on('data', () => socket.write(CONSTANT)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pace = { atOnce: CEILING_AT_ONCE, seconds: CEILING_SECONDS };
    const read = await attack({ ...around, url, shots: [{ path: '/' }], pace });
    return Math.round((await read()).filter(({ status }) => status === 200).length / CEILING_SECONDS);
  } finally {
    server.close();
  }
}
