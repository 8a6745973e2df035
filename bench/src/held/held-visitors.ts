import { fileURLToPath } from 'node:url';
import { boxRssBytes, type Guardian } from '@day90/infra';
import { GuardedChild } from '../paced/guarded-child.ts';
import { requestOf } from '../paced/paced-load.ts';
import { type HolderAsks, type HolderTells, holderTells } from './holder-words.ts';

const PROCESS = fileURLToPath(new URL('./holder-process.ts', import.meta.url));
const LEAST_SOURCES = 8;
/** Half of the ports that an address has: nearer to all of them the kernel looks for a free one for longer and longer. */
const MOST_OF_ONE_SOURCE = 14_000;

/** Visitors who have read something and do nothing now, each with a connection that is kept open. */
export class HeldVisitors {
  readonly #holders: GuardedChild[];

  /**
   * @param options.most - How many there will be at most: it takes a source address, and a process, for every 14,000.
   * @param options.path - What each asks for, once.
   */
  constructor({
    url,
    path,
    most,
    ...around
  }: { url: string; path: string; most: number; guardian: Guardian; signal: AbortSignal }) {
    const { hostname: host, port } = new URL(url);
    const count = Math.max(LEAST_SOURCES, Math.ceil(most / MOST_OF_ONE_SOURCE));
    const { text: request } = requestOf(url, { path });
    this.#holders = Array.from({ length: count }, (_, n) => {
      const start = { host, port: Number(port), source: `127.0.0.${n + 2}`, request };
      return new GuardedChild(PROCESS, { args: [JSON.stringify(start)], ...around });
    });
  }

  /** Opens more, until there are so many. @returns How many are open, and why others are not. */
  async open(count: number): Promise<HolderTells> {
    const share = Math.floor(count / this.#holders.length);
    const more = count % this.#holders.length;
    return this.#ask((n) => ({ open: share + (n < more ? 1 : 0) }));
  }

  /** How many are open now. */
  look(): Promise<HolderTells> {
    return this.#ask(() => ({ look: true }));
  }

  /** Asks once more over every so manieth. */
  askEach(askEach: number): Promise<HolderTells> {
    return this.#ask(() => ({ askEach }));
  }

  /** Memory of the processes that hold them, in bytes. */
  memory(): number {
    return this.#holders.reduce((sum, { pid }) => sum + boxRssBytes(pid), 0);
  }

  async close(): Promise<void> {
    for (const holder of this.#holders) holder.stop();
    await Promise.all(this.#holders.map(({ ended }) => ended));
  }

  async #ask(asks: (n: number) => HolderAsks): Promise<HolderTells> {
    const told = await Promise.all(
      this.#holders.map(async (holder, n) => {
        holder.tell(asks(n));
        return holderTells.parse(await holder.next());
      }),
    );
    const failed: Record<string, number> = {};
    for (const one of told)
      for (const [why, count] of Object.entries(one.failed)) failed[why] = (failed[why] ?? 0) + count;
    const sum = (what: 'open' | 'asked' | 'answered') => told.reduce((total, one) => total + one[what], 0);
    return { open: sum('open'), failed, asked: sum('asked'), answered: sum('answered') };
  }
}
