import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DROP, GIVE_BACK, KEEP, LEASE, LEASE_MS } from './cache-scripts.ts';
import { REDIS_DEADLINE_MS, type RedisClient, type RedisLink, runScript, type Script } from './redis-link.ts';

/** How often a waiting process looks whether another one has loaded what it waits for, in milliseconds. */
const LOOK_MS = 5;
const SEQUENCE = 'sequence';

/** The right to load one entry. */
export interface Lease {
  token: string;
  /** Number of the last invalidation before it. */
  sequence: string;
}

/** What came of asking for a lease: an entry that is there now, the lease, or the token of the one who has it. */
export type Leasing = { entry: string } | { lease: Lease } | { heldBy: string };

/** The cache's keys in Redis. Nothing here rejects: `undefined` says that Redis gave no answer in time. */
export class CacheStore {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /**
   * @param until - When the answer is of no use any more, on the clock of `performance.now()`.
   * @returns The entry, or `null` when there is none.
   */
  get(key: string, until: number): Promise<string | null | undefined> {
    return this.#ask((client) => client.get(key), until - performance.now());
  }

  /** Asks for the right to load an entry; to `refresh` it while there is one. */
  async lease(key: string, why: 'read' | 'refresh', until = Number.POSITIVE_INFINITY): Promise<Leasing | undefined> {
    const keys = [key, leaseKey(key), SEQUENCE];
    const reply = await this.#script(LEASE, keys, [randomUUID(), String(LEASE_MS), why], until - performance.now());
    if (reply === undefined) return undefined;
    const [entry, token, sequence] = reply as [string | null, string, string?];
    if (entry !== null) return { entry };
    return sequence === undefined ? { heldBy: token } : { lease: { token, sequence } };
  }

  /** Waits until somebody else's load of an entry has ended, or their lease. */
  async untilEnded(key: string, token: string): Promise<void> {
    do await sleep(LOOK_MS);
    while ((await this.#ask((client) => client.get(leaseKey(key)))) === token);
  }

  /** Keeps what was loaded under a lease. @returns `false` when it may be older than a write, and was not kept. */
  async keep(key: string, lease: Lease, entry: string, lifeMs: number, tags: string[]): Promise<boolean> {
    const keys = [key, leaseKey(key), SEQUENCE];
    return (await this.#script(KEEP, keys, [lease.token, lease.sequence, entry, String(lifeMs), ...tags])) === 1;
  }

  async giveBack(key: string, lease: Lease): Promise<void> {
    await this.#script(GIVE_BACK, [leaseKey(key)], [lease.token]);
  }

  /** Ends all that has one of these tags, in the lists, too. @returns Whether Redis has done so. */
  async drop(tags: string[], lists: string[]): Promise<boolean> {
    return (await this.#script(DROP, [SEQUENCE, ...lists], [String(LEASE_MS), ...tags])) !== undefined;
  }

  #script(script: Script, keys: string[], args: string[], budgetMs?: number): Promise<unknown> {
    return this.#ask((client) => runScript(client, script, keys, args), budgetMs);
  }

  #ask<T>(command: (client: RedisClient) => Promise<T>, budgetMs = REDIS_DEADLINE_MS): Promise<T | undefined> {
    return this.#link.call(command, Math.min(budgetMs, REDIS_DEADLINE_MS)).catch(() => undefined);
  }
}

function leaseKey(key: string): string {
  return `lease:${key}`;
}
