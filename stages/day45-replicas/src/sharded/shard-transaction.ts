import { currentContext, openHandle, runInContext, UnavailableError } from '@day90/core';
import { isConflict, type openPostgres } from 'stage-3';

/** A shard's database. */
export type ShardDatabase = ReturnType<typeof openPostgres>;

interface Bound {
  shard: number;
  /** The shard's own handle of its transaction. */
  handle: unknown;
  /** Ends it: committed, or rolled back because of this error. Rejects when that fails. */
  end(error?: unknown): Promise<void>;
}

/**
 * A transaction that begins on the shard of its first write, and is on that shard alone: none spans two. What a request has
 * done on other shards meanwhile is taken back by its {@link ShardTransaction.undos} if it is rolled back.
 */
export class ShardTransaction {
  #binding: Promise<Bound> | undefined;
  #committing = false;
  readonly #undos: (() => Promise<unknown>)[] = [];

  /** Of the running request, or `undefined` where none is open. @throws {Error} When it has ended. */
  static current(): ShardTransaction | undefined {
    const handle = openHandle();
    return handle instanceof ShardTransaction ? handle : undefined;
  }

  /** The shard it is on; `undefined` until its first write. */
  async shard(): Promise<number | undefined> {
    return (await this.#binding)?.shard;
  }

  /**
   * Runs work within it. Work begins it where it has not begun.
   * @throws {Error} When it is on another shard: that is a mistake of the caller, and not of the data.
   */
  async on<T>(shard: number, db: ShardDatabase, work: () => Promise<T>): Promise<T> {
    this.#binding ??= begin(shard, db);
    const bound = await this.#binding;
    if (bound.shard !== shard)
      throw new Error(`This transaction is on shard ${bound.shard} and can't write on ${shard}.`);
    const context = currentContext();
    if (!context?.transaction) throw new Error('A transaction is used outside of its request.');
    return runInContext({ ...context, transaction: { ...context.transaction, handle: bound.handle } }, work);
  }

  /** Takes back something done on another shard, should this be rolled back. It must bear to be called in vain. */
  undo(effect: () => Promise<unknown>): void {
    this.#undos.push(effect);
  }

  async commit(): Promise<void> {
    this.#committing = true;
    await (await this.#binding)?.end();
  }

  /** Never rejects: what can't be taken back now was written so that it can be told from what was committed. */
  async rollback(error: unknown): Promise<void> {
    await this.#binding?.then((bound) => bound.end(error)).catch(() => {});
    if (this.#committing && error instanceof UnavailableError) return; // the answer may be all that was lost
    for (const effect of this.#undos.splice(0)) await effect().catch(() => {});
  }
}

/** Tells the shard's own transactor to roll back, and not to run anything again: only the whole of the work can be. */
class RolledBack extends Error {}

async function begin(shard: number, db: ShardDatabase): Promise<Bound> {
  const [opened, ended] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
  const running = db.transactor((handle) => {
    opened.resolve(handle);
    return ended.promise;
  });
  running.catch(opened.reject);
  ended.promise.catch(() => {}); // whoever awaits it may be gone with its connection
  return {
    shard,
    handle: await opened.promise,
    end(error) {
      if (error === undefined) ended.resolve();
      else ended.reject(isConflict(error) ? new RolledBack() : error);
      return running;
    },
  };
}
