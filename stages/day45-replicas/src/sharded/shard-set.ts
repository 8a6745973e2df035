import { setTimeout as sleep } from 'node:timers/promises';
import {
  currentContext,
  type Logger,
  type Resource,
  runInContext,
  runOutside,
  type Transactor,
  transaction,
  UnavailableError,
} from '@day90/core';
import { openPostgres } from 'stage-3';
import type { BucketMap } from './bucket-map.ts';
import { ElsewhereError, isElsewhere } from './elsewhere.ts';
import { KnownMap } from './known-map.ts';
import { hasNothing, ownsBucket } from './ownership.ts';
import { type ShardDatabase, ShardTransaction } from './shard-transaction.ts';
import { shardTransactor } from './shard-transactor.ts';

/** A bucket changes hands within some milliseconds: who comes just then asks again, so long apart, for so long. */
const ASK_AGAIN_MS = 10;
const LONGEST_MS = 1000;

/**
 * The shards, and which of them has what. A process keeps the map and does not look at it again until a shard tells it that a
 * bucket is elsewhere: each shard checks for itself, so that an old map costs a round trip and never gives a wrong answer.
 */
export class ShardSet implements Resource {
  readonly transactor: Transactor = shardTransactor((error) => this.again(error));
  /** Resolves with why one of the databases, or the map, can never be used. */
  readonly broken: Promise<string>;
  readonly #urls: readonly string[];
  readonly #options: { logger: Logger; pool: number };
  readonly #open = new Map<number, ShardDatabase>();
  readonly #known: KnownMap;
  #break: (why: string) => void = () => {};

  /**
   * Connects in the background.
   * @param urls - Of all shards there can be, shard 1 first; to one without buckets nothing connects.
   * @param options.pool - Connections at most, to each.
   */
  constructor(urls: readonly string[], options: { logger: Logger; pool: number }) {
    this.#urls = urls;
    this.#options = options;
    const broken = new Promise<string>((resolve) => {
      this.#break = resolve;
    });
    this.#known = new KnownMap(this.db(1));
    this.broken = Promise.race([broken, this.#known.broken.then((why) => `SHARD_URLS: ${why}`)]);
  }

  /** The map as it is known here. @throws {UnavailableError} Until the directory was reached once. */
  map(): Promise<BucketMap> {
    return this.#known.get();
  }

  /** The map as it is now. @throws {UnavailableError} */
  reread(): Promise<BucketMap> {
    return this.#known.reread();
  }

  /** The database of a shard, opened when it is first asked for. */
  db(shard: number): ShardDatabase {
    const there = this.#open.get(shard);
    if (there) return there;
    const url = this.#urls[shard - 1];
    if (url === undefined) throw new UnavailableError(`The map names shard ${shard}, whose address is not known here.`);
    const db = runOutside(() => openPostgres(url, this.#options));
    this.#open.set(shard, db);
    void db.broken?.then(this.#break);
    return db;
  }

  /**
   * Reads something of one bucket where it is. In a transaction on that shard it sees what was written there.
   * @param isNothing - Whether a result may as well mean that the bucket is elsewhere: then the shard is asked.
   */
  read<T>(bucket: number, read: (shard: number) => Promise<T>, isNothing: (result: T) => boolean = hasNothing) {
    return this.#whereItIs(bucket, async (shard) => {
      const open = ShardTransaction.current();
      const work = () => this.#checked(bucket, shard, read, isNothing);
      return open && (await open.shard()) === shard ? open.on(shard, this.db(shard), work) : work();
    });
  }

  /**
   * Writes to one bucket: in the request's transaction, which begins on its shard if it had not begun, else by itself.
   * @param isNothing - As in {@link ShardSet.read}.
   */
  async write<T>(
    bucket: number,
    write: (shard: number) => Promise<T>,
    isNothing: (result: T) => boolean = hasNothing,
  ): Promise<T> {
    const open = ShardTransaction.current();
    if (!open) return this.#whereItIs(bucket, (shard) => this.#checked(bucket, shard, write, isNothing));
    // A bucket that is elsewhere ends this try: the transactor runs the whole of it again, by a new map.
    const shard = shardOf(await this.map(), bucket);
    return open.on(shard, this.db(shard), () => this.#checked(bucket, shard, write, isNothing));
  }

  /** Writes to one bucket in a transaction of its own, whatever the request has open. */
  writeApart<T>(bucket: number, write: (shard: number) => Promise<T>): Promise<T> {
    const context = currentContext();
    if (!context) throw new Error('Shards are written to in a request, or in runInBackground().');
    const { transaction: _open, ...apart } = context;
    return this.#whereItIs(bucket, (shard) =>
      runInContext({ ...apart, transactor: this.db(shard).transactor }, () =>
        transaction(() => this.#checked(bucket, shard, write, hasNothing)),
      ),
    );
  }

  /** Reads the map anew after an error that says it is old. @returns Whether to try again. */
  async again(error: unknown): Promise<boolean> {
    if (!isElsewhere(error)) return false;
    const { version } = await this.map();
    // The same one: the bucket is between two shards, for some milliseconds.
    if ((await this.reread()).version === version) await sleep(ASK_AGAIN_MS);
    return true;
  }

  async ready(): Promise<void> {
    const shards = (await this.map()).changedAt.map((_, i) => this.db(i + 1).ready?.());
    // With one of them the feed can still be shown, in part.
    await Promise.any(shards).catch(({ errors: [first] }: AggregateError) => Promise.reject(first));
  }

  async close(): Promise<void> {
    this.#known.close();
    await Promise.all([...this.#open.values()].map((db) => db.close()));
  }

  async #whereItIs<T>(bucket: number, work: (shard: number) => Promise<T>): Promise<T> {
    const until = performance.now() + LONGEST_MS;
    for (;;) {
      try {
        return await work(shardOf(await this.map(), bucket));
      } catch (error) {
        if (!(await this.again(error))) throw error;
        if (performance.now() > until)
          throw new UnavailableError('A part of the data is being moved.', { cause: error });
      }
    }
  }

  async #checked<T>(
    bucket: number,
    shard: number,
    work: (shard: number) => Promise<T>,
    isNothing: (result: T) => boolean,
  ): Promise<T> {
    const result = await work(shard);
    if (isNothing(result) && !(await ownsBucket(this.db(shard), bucket))) throw new ElsewhereError(bucket, shard);
    return result;
  }
}

function shardOf({ shardOf }: BucketMap, bucket: number): number {
  return shardOf[bucket] as number;
}
