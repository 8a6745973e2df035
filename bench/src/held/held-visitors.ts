import { fileURLToPath } from 'node:url';
import { boxRssBytes, type Guardian } from '@day90/infra';
import { GuardedChild } from '../paced/guarded-child.ts';
import { requestOf } from '../paced/paced-load.ts';
import { type HolderAsks, type HolderTells, holderTells } from './holder-words.ts';

const PROCESS = fileURLToPath(new URL('./holder-process.ts', import.meta.url));
const PROCESSES = 8;
/**
 * An address has ports for some 28,000 connections to one door. But from 5,000 on the kernel takes milliseconds of CPU to find a free
 * one, for each (Linux 6.18).
 */
const MOST_OF_ONE_SOURCE = 4000;

/** Visitors who have read something and do nothing now, each with a connection that is kept open. */
export class HeldVisitors {
  readonly #holders: GuardedChild[];

  /**
   * @param options.most - How many there will be at most: it takes a source address for every 4,000.
   * @param options.path - What each asks for, once.
   */
  constructor({
    url,
    path,
    most,
    ...around
  }: { url: string; path: string; most: number; guardian: Guardian; signal: AbortSignal }) {
    const { hostname: host, port } = new URL(url);
    const perProcess = Math.ceil(most / PROCESSES / MOST_OF_ONE_SOURCE);
    const { text: request } = requestOf(url, { path });
    this.#holders = Array.from({ length: PROCESSES }, (_, n) => {
      const sources = Array.from({ length: perProcess }, (_, address) => `127.0.${n + 1}.${address + 1}`);
      const start = { host, port: Number(port), sources, request };
      return new GuardedChild(PROCESS, { args: [JSON.stringify(start)], flags: ['--expose-gc'], ...around });
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
