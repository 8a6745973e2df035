import { setTimeout as sleep } from 'node:timers/promises';
import { SCALES } from '@day90/testing/data';

const EVERY_MS = 100;
/** nginx gives a silent app five seconds, and then asks another. */
const PATIENCE_MS = 7000;

/** How a visitor fared. */
export interface Fared {
  requests: number;
  failed: number;
}

/**
 * Reads posts at an even pace, whatever the answers are, and counts those that did not come. Logs can't tell of these: whom nobody lets
 * in stands in none.
 */
export class Visitor {
  readonly fared: Fared = { requests: 0, failed: 0 };
  readonly #url: string;
  readonly #over = new AbortController();

  constructor(url: string) {
    this.#url = url;
    void this.#visit();
  }

  leave(): void {
    this.#over.abort();
  }

  async #visit(): Promise<void> {
    while (!this.#over.signal.aborted) {
      void this.#read();
      await sleep(EVERY_MS);
    }
  }

  async #read(): Promise<void> {
    const isAnswered = await readPost(this.#url);
    this.fared.requests += 1;
    if (!isAnswered) this.fared.failed += 1;
  }
}

/** The path of one of the posts that are in every seeded data. */
export function somePost(): string {
  return `/posts/${1 + Math.floor(Math.random() * SCALES.small.posts)}`;
}

async function readPost(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL(somePost(), url), { signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}
