import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DROP, GIVE_BACK, KEEP, LEASE, LEASE_MS } from './cache-scripts.ts';
import { REDIS_DEADLINE_MS, type RedisClient, type RedisLink, runScript, type Script } from './redis-link.ts';

/** How often a waiting process looks whether another one has loaded what it waits for, in milliseconds. */
const LOOK_MS = 5;
const SEQUENCE = 'sequence';
const FLOOR = 'floor';

/** The right to load one entry. */
export interface Lease {
  token: string;
  /** Number of the last invalidation before it. */
  sequence: string;
  /** Position of the database that the load must see; empty when Redis does not know. */
  floor: string;
}

/** What was loaded, as it is to be kept. */
interface NewEntry {
  text: string;
  lifeMs: number;
  tags: string[];
  /** Where the database stood when it was loaded. */
  position: string;
}

/** What came of asking for a lease: the entry that is there now, the lease, or the token of the one who has it. */
export type Leasing = { entry: string } | { lease: Lease } | { heldBy: string };

/** The cache's keys in Redis. Nothing here rejects: `undefined` says that Redis gave no answer in time. */
export class CacheStore {
  readonly #link: RedisLink;
  /** Waits for loads of other processes, by the token of their lease. */
  readonly #waits = new Map<string, Promise<string | null | undefined>>();

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

  /** Position of the database that whatever is kept must have seen; empty when Redis does not know. */
  async floor(): Promise<string | undefined> {
    return (await this.#ask((client) => client.get(FLOOR))) ?? undefined;
  }

  /**
   * Asks for the right to load an entry.
   * @param stale - How the entry begins that is to be replaced; only while it is that one.
   */
  async lease(key: string, stale: string, until = Number.POSITIVE_INFINITY): Promise<Leasing | undefined> {
    const token = randomUUID();
    let late = false;
    const reply = await this.#ask(async (client) => {
      const keys = [key, leaseKey(key), SEQUENCE, FLOOR];
      const leasing = toLeasing(await runScript(client, LEASE, keys, [token, String(LEASE_MS), stale]));
      // Its reader has gone on without: everybody else would wait for a load that nobody does.
      if (late && 'lease' in leasing) void this.giveBack(key, leasing.lease);
      return leasing;
    }, until - performance.now());
    late = reply === undefined;
    return reply;
  }

  /**
   * The entry as it is once somebody else's load has ended, or their lease. Read once for all who wait: each of them was
   * told of the lease before it ended, so nothing read after that is too old.
   * @returns As {@link get}.
   */
  afterLoad(key: string, token: string): Promise<string | null | undefined> {
    const known = this.#waits.get(token);
    if (known) return known;
    const wait = this.#untilEnded(key, token)
      .then((ended) => (ended ? this.get(key, performance.now() + REDIS_DEADLINE_MS) : undefined))
      .finally(() => this.#waits.delete(token));
    this.#waits.set(token, wait);
    return wait;
  }

  /** Keeps what was loaded under a lease. @returns `false` when it may be older than a write, and was not kept. */
  async keep(key: string, { token, sequence }: Lease, entry: NewEntry): Promise<boolean | undefined> {
    const { text, lifeMs, position, tags } = entry;
    const keys = [key, leaseKey(key), SEQUENCE, FLOOR];
    const reply = await this.#script(KEEP, keys, [token, sequence, text, String(lifeMs), position, ...tags]);
    return reply === undefined ? undefined : reply === 1;
  }

  async giveBack(key: string, lease: Lease): Promise<void> {
    await this.#script(GIVE_BACK, [leaseKey(key)], [lease.token]);
  }

  /**
   * Ends all that has one of these tags, in the lists, too.
   * @param position - Where the database stood after the write; empty when nobody knows.
   * @returns Whether Redis has done so.
   */
  async drop(tags: string[], lists: string[], position: string): Promise<boolean> {
    return (await this.#script(DROP, [SEQUENCE, FLOOR, ...lists], [String(LEASE_MS), position, ...tags])) !== undefined;
  }

  /** @returns `false` when Redis can't be asked. */
  async #untilEnded(key: string, token: string): Promise<boolean> {
    for (;;) {
      await sleep(LOOK_MS);
      const holder = await this.#ask((client) => client.get(leaseKey(key)));
      if (holder !== token) return holder !== undefined;
    }
  }

  #script(script: Script, keys: string[], args: string[]): Promise<unknown> {
    return this.#ask((client) => runScript(client, script, keys, args));
  }

  #ask<T>(command: (client: RedisClient) => Promise<T>, budgetMs = REDIS_DEADLINE_MS): Promise<T | undefined> {
    return this.#link.call(command, Math.min(budgetMs, REDIS_DEADLINE_MS)).catch(() => undefined);
  }
}

function leaseKey(key: string): string {
  return `lease:${key}`;
}

function toLeasing(reply: unknown): Leasing {
  const [entry, token, sequence, floor = ''] = reply as [string | null, string, string?, string?];
  if (entry !== null) return { entry };
  return sequence === undefined ? { heldBy: token } : { lease: { token, sequence, floor } };
}
