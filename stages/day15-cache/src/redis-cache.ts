import {
  BEYOND_COPIES,
  currentContext,
  floorOfReader,
  type Json,
  type Logger,
  noteTiming,
  type Resource,
  runAside,
} from '@day90/core';
import { decodeEntry, encodeEntry } from './cache-entry.ts';
import { CacheStore, type Lease } from './cache-store.ts';
import { type CachedThing, POPULAR } from './cached-things.ts';
import { LONGEST_LIFE_SECONDS } from './env.ts';
import { Invalidations } from './invalidations.ts';
import { LoadGate } from './load-gate.ts';
import { connectRedis, REDIS_DEADLINE_MS, type RedisLink } from './redis-link.ts';
import { type Found, floorFor, type Load, sharedLoad } from './shared-load.ts';

/** What isn't there is remembered for so long, in seconds: a flood of requests for it must not reach the database. */
const ABSENT_SECONDS = 5;
/**
 * Loads that a reader may wait for. Where writes come faster than loads none of them is kept, and of a thousand readers one
 * would leave with each; so they share a load that is for themselves alone.
 */
const TRIES = 2;
/** The lists that hold things of several tags. */
const LISTS = [POPULAR];

/** A cache beside the database, which stays the source of truth and answers whenever the cache can't. */
export interface Cache {
  /**
   * The thing from the cache, else by `load`, called once for all who ask at the same time, in this process and all others.
   * `Server-Timing` tells `hit`, `stale` (due, and being renewed), `miss`, or `bypass` (the cache was not used).
   */
  through<T>(thing: CachedThing<T>, load: Load<T>): Promise<Json<T> | undefined>;
  /**
   * Ends all that has one of these tags, and what of it is being loaded; to be called after the commit. Never rejects: what
   * Redis did not confirm is tried again, and until then this process reads the database instead.
   */
  drop(tags: string[]): Promise<void>;
}

interface Loaded<T> extends Found<T> {
  /** Whether nothing in it was invalidated while it was loaded; undefined when Redis did not say. */
  kept: Promise<boolean | undefined>;
}

/** Opens the cache of an app; it connects in the background. */
export function connectCache(url: string, logger: Logger): RedisCache {
  return new RedisCache(connectRedis(url, { name: 'cache', logger }));
}

export class RedisCache implements Cache, Resource {
  readonly link: RedisLink;
  readonly #store: CacheStore;
  readonly #invalidations: Invalidations;
  readonly #gate = new LoadGate();
  /** Loads of this process, by the token of their lease. */
  readonly #loads = new Map<string, Promise<Loaded<unknown>>>();
  readonly #renewing = new Set<string>();

  constructor(link: RedisLink) {
    this.link = link;
    this.#store = new CacheStore(link);
    const drop = (tags: string[], position: string) => this.#store.drop(tags, LISTS, position);
    this.#invalidations = new Invalidations(drop, LONGEST_LIFE_SECONDS * 1000);
  }

  get broken(): Promise<string> | undefined {
    return this.link.broken;
  }

  async through<T>(thing: CachedThing<T>, load: Load<T>): Promise<Json<T> | undefined> {
    const context = currentContext();
    if (context?.transaction) {
      noteTiming('cache', 'desc=bypass');
      return load(); // there the database shows what nobody else may see yet
    }
    const { json, position } = await this.#find(thing, load);
    // Whoever was shown this must not be shown less by a copy of the database that is behind it.
    if (position) await context?.reader?.saw(position);
    return json;
  }

  async drop(tags: string[]): Promise<void> {
    await this.#invalidations.add(tags, currentContext()?.written.position ?? '');
  }

  /**
   * What a copy of the database must have reached to be read for another cache, in front of the app: the last write that was
   * dropped here. Never rejects; beyond all copies where that is not known.
   */
  async floor(): Promise<string> {
    if (this.#invalidations.open()) return BEYOND_COPIES;
    return (await this.#store.floor()) || BEYOND_COPIES;
  }

  async close(): Promise<void> {
    await this.#invalidations.close();
    await this.link.close();
  }

  async #find<T>(thing: CachedThing<T>, load: Load<T>): Promise<Found<T>> {
    if (this.#isUncertain(thing)) return this.#bypass(thing, load);
    const until = performance.now() + REDIS_DEADLINE_MS;
    const found = await this.#store.get(thing.key, until);
    if (found === undefined) return this.#bypass(thing, load);
    if (found === null) return this.#miss(thing, load, until);
    const entry = decodeEntry<T>(found);
    if (Date.now() < entry.renewAt) noteTiming('cache', 'desc=hit');
    else {
      noteTiming('cache', 'desc=stale');
      void this.#renew(thing, load, entry.renewAt);
    }
    return entry;
  }

  /** Whether a change of it is known here that Redis may not know of yet. */
  #isUncertain({ key, tags }: CachedThing<never>): boolean {
    return this.#invalidations.open() && (tags !== undefined || this.#invalidations.open(key));
  }

  async #bypass<T>({ key }: CachedThing<T>, load: Load<T>): Promise<Found<T>> {
    noteTiming('cache', 'desc=bypass');
    return this.#gate.inRounds(key, await floorOfReader(), (floor) => sharedLoad(floor, load));
  }

  async #miss<T>(thing: CachedThing<T>, load: Load<T>, until: number): Promise<Found<T>> {
    for (let tries = 0; tries < TRIES; tries++) {
      const leasing = await this.#store.lease(thing.key, '', until);
      if (leasing === undefined) break;
      noteTiming('cache', 'desc=miss');
      if ('entry' in leasing) return decodeEntry<T>(leasing.entry);
      if ('lease' in leasing) return this.#load(thing, load, leasing.lease);
      const own = this.#loads.get(leasing.heldBy) as Promise<Loaded<T>> | undefined;
      if (own) {
        const loaded = await own;
        const kept = await loaded.kept;
        if (kept) return loaded;
        if (kept === undefined) break; // Redis went away, and is not waited for twice
      } else {
        const entry = await this.#store.afterLoad(thing.key, leasing.heldBy);
        if (entry) return decodeEntry<T>(entry);
        if (entry === undefined) break;
      }
      // Something was written since it was read, perhaps before this request began.
      until = performance.now() + REDIS_DEADLINE_MS;
    }
    return this.#bypass(thing, load);
  }

  /** Renews an entry before its end, so that nobody ever waits for it. */
  async #renew<T>(thing: CachedThing<T>, load: Load<T>, renewAt: number): Promise<void> {
    if (this.#renewing.has(thing.key)) return;
    this.#renewing.add(thing.key);
    try {
      const leasing = await this.#store.lease(thing.key, `${renewAt} `);
      if (leasing && 'lease' in leasing) await (await runAside(() => this.#load(thing, load, leasing.lease))).kept;
    } catch {
      // The entry has some of its life left, and the next reader tries again.
    } finally {
      this.#renewing.delete(thing.key);
    }
  }

  #load<T>(thing: CachedThing<T>, load: Load<T>, lease: Lease): Promise<Loaded<T>> {
    // Where Redis has forgotten what the last write was, every copy may be behind it.
    const found = this.#gate.run(async () => sharedLoad(await floorFor(lease.floor || BEYOND_COPIES), load));
    const loading = found.then((it) => ({ ...it, kept: this.#keep(thing, lease, it) }));
    this.#loads.set(lease.token, loading);
    const forget = () => this.#loads.delete(lease.token);
    // Both ways: a rejection that only `finally` has seen would end the process, though every reader has caught it.
    loading.then(
      ({ kept }) => kept.then(forget),
      () => void this.#store.giveBack(thing.key, lease).then(forget),
    );
    return loading;
  }

  #keep<T>({ key, seconds, tags }: CachedThing<T>, lease: Lease, found: Found<T>): Promise<boolean | undefined> {
    const { json, position } = found;
    const lifeMs = 1000 * (json ? seconds : Math.min(seconds, ABSENT_SECONDS));
    const more = json && tags ? tags(json.value) : [];
    const text = encodeEntry(found, lifeMs, more);
    return this.#store.keep(key, lease, { text, lifeMs, position, tags: [key, ...more] });
  }
}
