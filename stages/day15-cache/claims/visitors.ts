import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readServerTiming, type ServerTiming } from '@day90/bench';

/** What one visitor met. Times in milliseconds. */
export interface Visit {
  /** 0 where no answer came. */
  status: number;
  timedOut: boolean;
  /** From the moment it was due to the whole answer, or to the end of the visitor's patience. */
  ms: number;
  /** When it was due, since the load began. */
  at: number;
  timing: CacheTiming;
}

/** What an answer's `Server-Timing` says, the cache included: `hit`, `miss` … */
export type CacheTiming = ServerTiming & { cache?: string };

export function cacheTiming(header: string | undefined): CacheTiming {
  const cache = /cache;desc=(\w+)/.exec(header ?? '')?.[1];
  return { ...readServerTiming(header), ...(cache && { cache }) };
}

/** Visitors of one or more doors, by turns, over kept connections. Nothing is retried. */
export class Visitors {
  readonly #agent: Agent;
  readonly #urls: string[];
  readonly #patienceMs: number;
  #turn = 0;

  constructor(urls: string[], { connections = 256, patienceMs = 10_000 } = {}) {
    this.#urls = urls;
    this.#patienceMs = patienceMs;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Never rejects. @param due - On the clock of `performance.now()`. */
  read(path: string, due = performance.now(), at = 0): Promise<Visit> {
    const url = this.#urls[this.#turn++ % this.#urls.length] as string;
    return new Promise((resolve) => {
      let timedOut = false;
      const end = (status: number, timing: CacheTiming = {}) => {
        clearTimeout(timer);
        resolve({ status, timedOut, ms: performance.now() - due, at, timing });
      };
      const request = get(url + path, { agent: this.#agent }, (answer) => {
        const timing = cacheTiming(answer.headers['server-timing'] as string | undefined);
        answer.resume();
        answer.once('end', () => end(answer.statusCode ?? 0, timing));
        answer.once('error', () => end(0));
      });
      request.once('error', () => end(0));
      const timer = setTimeout(() => {
        timedOut = true;
        request.destroy(new Error('out of patience'));
      }, this.#patienceMs);
    });
  }

  /** A fixed number of reads, each sent when one of `readers` has its answer. */
  async closed(reads: number, readers: number, nextPath: () => string, signal: AbortSignal): Promise<Visit[]> {
    const visits: Visit[] = [];
    let begun = 0;
    const reader = async () => {
      while (begun++ < reads) {
        signal.throwIfAborted();
        visits.push(await this.read(nextPath()));
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
    return visits;
  }

  /** Reads that are due at a fixed rate, whatever became of those before. Resolves with the last answer. */
  async open(rate: number, seconds: number, nextPath: () => string, signal: AbortSignal): Promise<Visit[]> {
    const startedAt = performance.now();
    const visits: Promise<Visit>[] = [];
    for (let n = 0; n < rate * seconds; n += 1) {
      const at = (n * 1000) / rate;
      const wait = startedAt + at - performance.now();
      // Rounded up: a timer cuts the fraction off, and what is sent too early looks fast.
      if (wait > 0) await sleep(Math.ceil(wait), undefined, { signal });
      visits.push(this.read(nextPath(), startedAt + at, at));
    }
    return Promise.all(visits);
  }

  close(): void {
    this.#agent.destroy();
  }
}
