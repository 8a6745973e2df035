import { createWriteStream } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Guardian, requireTool, runCommand } from '@day90/infra';
import { type Hit, marked, readHits } from './attack-hits.ts';

/** One request of an attack. */
export interface Shot {
  method?: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * `rate`: so many a second, whatever the answers are · `atOnce`: each when one before it was answered, for so many seconds, and no
 * more than `mostPerSecond` on the mean of that time.
 */
export type Pace = { rate: number } | { atOnce: number; seconds: number; mostPerSecond?: number };

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
 * @returns As {@link readyAttack} once it is begun.
 * @throws {BadInput} Without vegeta and without Go to build it.
 */
export async function attack(plan: Attack): Promise<() => Promise<Hit[]>> {
  return (await readyAttack(plan))();
}

/**
 * The same with its requests written down, which takes some of the machine's CPU, but not begun.
 * @returns What begins it, and resolves once the last answer is there, to what reads the hits, in the order in which they were
 *   due. That takes about as much CPU as sending did. Each to be called once, while `scratch` is there.
 */
export async function readyAttack(plan: Attack): Promise<() => Promise<() => Promise<Hit[]>>> {
  const { url, shots, pace, scratch, guardian, signal } = plan;
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
  return async () => {
    await vegeta('attack', ...from, ...paceFlags(pace, shots.length), ...bounds, '-output', results as string);
    return async () => {
      await vegeta('encode', '-to', 'json', '-output', decoded as string, results as string);
      return readHits(decoded as string, 'rate' in pace ? 1000 / pace.rate : undefined);
    };
  };
}

function paceFlags(pace: Pace, shots: number): string[] {
  // vegeta knows no half requests, but whole ones in as many seconds as one likes.
  if ('rate' in pace) return ['-rate', `${Math.round(pace.rate * 1000)}/1000s`, '-duration', `${shots / pace.rate}s`];
  const workers = `${pace.atOnce}`;
  return [
    '-rate',
    `${pace.mostPerSecond ?? 0}`,
    '-duration',
    `${pace.seconds}s`,
    '-workers',
    workers,
    '-max-workers',
    workers,
  ];
}

async function writeTargets(file: string, url: string, shots: readonly Shot[]): Promise<void> {
  const out = createWriteStream(file);
  for (const [shot, { method = 'GET', path, headers = {}, body }] of shots.entries()) {
    const header = { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    const target = {
      method,
      url: marked(new URL(path, url), shot),
      header: Object.fromEntries(Object.entries(header).map(([name, value]) => [name, [value]])),
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)).toString('base64') }),
    };
    out.write(`${JSON.stringify(target)}\n`);
  }
  out.end();
  await finished(out);
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
