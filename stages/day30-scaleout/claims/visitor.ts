import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request. */
export interface Ask {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/** What came of it. Status 0 where no answer came, with the reason. */
export interface Told {
  status: number;
  headers: IncomingHttpHeaders;
  error?: string;
}

/** Nobody waits longer. */
const PATIENCE_MS = 10_000;

/** Sends a request over the agent's connections. Never rejects, and retries nothing. */
export function ask(url: string, { method = 'GET', path, headers, body }: Ask, agent?: Agent): Promise<Told> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, headers: {}, error: error.message });
    const json = text === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request(
      url + path,
      { method, headers: { ...json, ...headers }, ...(agent && { agent }) },
      (answer) => {
        answer.once('error', failed);
        answer.once('end', () => {
          clearTimeout(timer);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
        });
        answer.resume();
      },
    );
    const timer = setTimeout(() => sent.destroy(new Error('out of patience')), PATIENCE_MS);
    sent.once('error', (error) => {
      clearTimeout(timer);
      failed(error);
    });
    sent.end(text);
  });
}

/**
 * Sends at a fixed rate, whatever became of what was sent before. Resolves once all of it has ended.
 * @throws The first failure of `send`, then.
 */
export async function openArrivals(
  { rate, seconds, signal }: { rate: number; seconds: number; signal: AbortSignal },
  send: () => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < rate * seconds; n += 1) {
    const wait = startedAt + (n * 1000) / rate - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal });
    const one = send();
    one.catch(() => undefined); // heard at the end, with the others
    sent.push(one);
  }
  await Promise.all(sent);
}
