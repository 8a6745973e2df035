import { setTimeout as sleep } from 'node:timers/promises';
import type { DuetRequest } from '@day90/bench';
import { HttpClient } from '@day90/bench/drill';

/** A request that was sent, and what came of it. Times in milliseconds since the load began. */
export interface Visit {
  /** When it was due. */
  at: number;
  /** When its answer was whole, or it failed. */
  end: number;
  /** 0 where no answer came. */
  status: number;
  /** Which app box answered. */
  box: string | undefined;
}

/** So many requests a second, for so long. */
export interface Step {
  rate: number;
  seconds: number;
}

/**
 * Sends an open load whose rate changes by steps. Resolves when the last answer has come, or nobody waits for it any more.
 * @param requests - Sent by turns.
 */
export async function stepLoad(
  url: string,
  requests: readonly DuetRequest[],
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<Visit[]> {
  const client = new HttpClient(url);
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const sent: Promise<Visit>[] = [];
  const send = async (at: number): Promise<Visit> => {
    const { status, headers } = await client.send(requests[sent.length % requests.length] as DuetRequest);
    const { 'x-served-by': box } = headers;
    return { at, end: now(), status, box: typeof box === 'string' && box.startsWith('app') ? box : undefined };
  };
  try {
    let from = 0;
    for (const { rate, seconds } of steps) {
      for (let n = 0; n < rate * seconds; n += 1) {
        const due = from + (n * 1000) / rate;
        const wait = due - now();
        if (wait > 0) await sleep(Math.ceil(wait), undefined, { signal });
        sent.push(send(due));
      }
      from += seconds * 1000;
    }
    return await Promise.all(sent);
  } finally {
    client.close();
  }
}
