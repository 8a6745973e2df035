import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { UnavailableError } from './errors.ts';
import type { Reader, Transactor } from './ports.ts';

/**
 * What belongs to one request (or job) and is needed far below the route, such as by a repository, without being passed
 * through every call. This file is the only place that knows of `AsyncLocalStorage`.
 *
 * Within a transaction the context is a copy of the request's, so whatever changes is held in an object that both share.
 */
export interface RequestContext {
  readonly requestId: string;
  /** When an answer is of no use any more, in milliseconds on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly transactor: Transactor;
  /** Database queries of this request, and their time in milliseconds. */
  readonly queries: { count: number; ms: number };
  /** Further metrics for `Server-Timing`, by name, such as `cache` → `desc=hit`. */
  readonly timings: Map<string, string>;
  /** Where the database stood after this request's last commit; empty when nobody knows, or the database has no positions. */
  readonly written: { position: string };
  /** Names of what the answer to a read is made of, or what a write has changed: for caches in front of the app. */
  readonly tags: Set<string>;
  /** Whom a database is read for, where it has copies; with none, any copy will do. */
  readonly reader?: Reader;
  /** Set while a transaction is open. */
  readonly transaction?: OpenTransaction;
}

interface OpenTransaction {
  /** The store's own handle, such as its connection. */
  readonly handle: unknown;
  readonly afterCommit: Effect[];
  /** Those that may also run when nobody knows whether it was committed. */
  readonly harmless: Effect[];
  /** Set when it is committed or rolled back: what still runs then, such as the rest of a `Promise.all`, comes too late. */
  ended: boolean;
}

/** Something outside of the store that follows from a write, such as a mail or an invalidation. */
type Effect = () => Promise<void>;

const storage = new AsyncLocalStorage<RequestContext>();
/** Where this file is loaded there is no context yet. */
const outside = AsyncLocalStorage.snapshot();

/** Runs `work` in a context of its own. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/**
 * Runs work that no request waits for, such as a job or a task at start, in a context of its own.
 * @param requestId - Of the request that asked for it, where one did.
 */
export function runInBackground<T>(transactor: Transactor, work: () => T, requestId: string = randomUUID()): T {
  const context = { requestId, deadline: Number.POSITIVE_INFINITY, transactor, timings: new Map() };
  const empty = { queries: { count: 0, ms: 0 }, written: { position: '' }, tags: new Set<string>() };
  return runInContext({ ...context, ...empty }, work);
}

/**
 * Runs work that a request has started but does not wait for, in a context of its own: its queries are not the request's, and
 * it has no deadline.
 */
export function runAside<T>(work: () => T): T {
  return runInBackground(requireContext('runAside').transactor, work);
}

/**
 * Runs `work` in no context: what it opens, such as a pool, outlives the request that was first to need it, and would keep that
 * request's context for as long.
 */
export function runOutside<T>(work: () => T): T {
  return outside(work);
}

/** The context of the running request, or `undefined` outside of any. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * Runs `work` in one transaction of the store: every write of every repository in it is kept, or none. Called within a
 * transaction it joins that one. `work` may be run again when the store asks for it, so its effects outside of the store
 * belong into {@link afterCommit}.
 * @throws What `work` throws, after the rollback.
 */
export async function transaction<T>(work: () => Promise<T>): Promise<T> {
  const context = requireContext('transaction');
  if (context.transaction) return work();
  let last: OpenTransaction | undefined; // the effects of a try that was rolled back must never run
  const run = context.transactor(async (handle) => {
    const open: OpenTransaction = { handle, afterCommit: [], harmless: [], ended: false };
    last = open;
    try {
      return await storage.run({ ...context, transaction: open }, work);
    } finally {
      open.ended = true;
    }
  });
  const result = await run.catch(async (error: unknown) => {
    // The database went away, perhaps between the commit and its answer.
    if (error instanceof UnavailableError) {
      context.written.position = '';
      await runAll(last?.harmless ?? []);
    }
    throw error;
  });
  await runAll(last?.afterCommit ?? []);
  return result;
}

/** Runs every effect, also after one that fails: a failed mail must not keep an invalidation from happening. */
async function runAll(effects: Effect[]): Promise<void> {
  const failures: unknown[] = [];
  for (const effect of effects) await effect().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}

/**
 * The handle of the open transaction, for the adapter it belongs to.
 * @returns `undefined` where none is open.
 * @throws {Error} When it has ended: the caller would write outside of it, or into another request's.
 */
export function openHandle(): unknown {
  const open = storage.getStore()?.transaction;
  if (open?.ended) throw new Error('The transaction of this work has ended: something in it was not awaited.');
  return open?.handle;
}

/**
 * Runs `effect` once the open transaction is committed, and never if it is rolled back; with none open, at once.
 * The effects run in order, and `transaction()` waits for them. The write stands whatever they do, so an effect that may
 * fail handles that itself: what it throws reaches the client as the failure of a request that did succeed.
 * @param options.harmless - Run it, too, when the database went away and nobody knows whether it has committed: an
 *   invalidation that was not needed does no harm, one that is missing leaves an old value.
 */
export async function afterCommit(effect: Effect, options: { harmless?: true } = {}): Promise<void> {
  openHandle(); // throws for a transaction that has ended
  const open = currentContext()?.transaction;
  if (!open) return effect();
  open.afterCommit.push(effect);
  if (options.harmless) open.harmless.push(effect);
}

/** Adds a call of the database to the running request: its time, and 1 query, or 0 for a commit and the like. */
export function countQuery(ms: number, queries: 0 | 1 = 1): void {
  const context = storage.getStore();
  if (!context) return;
  context.queries.count += queries;
  context.queries.ms += ms;
}

/** Notes a metric for `Server-Timing`: `noteTiming('cache', 'desc=hit')`. The last one of a name counts. */
export function noteTiming(name: string, parameters: string): void {
  storage.getStore()?.timings.set(name, parameters);
}

/** Notes names of what is being read or was changed, see {@link RequestContext.tags}. */
export function noteTags(tags: string[]): void {
  const known = storage.getStore()?.tags;
  for (const tag of tags) known?.add(tag);
}

function requireContext(caller: string): RequestContext {
  const context = storage.getStore();
  if (!context) throw new Error(`${caller}() needs a request context: wrap the caller in runInContext()`);
  return context;
}
