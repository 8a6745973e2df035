import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Transactor } from './ports.ts';

/**
 * What belongs to one request (or job) and is needed far below the route, such as by a repository, without being passed
 * through every call. This file is the only place that knows of `AsyncLocalStorage`.
 */
export interface RequestContext {
  readonly requestId: string;
  /** When an answer is of no use any more, in milliseconds on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly transactor: Transactor;
  /** Database queries of this request, and their time in milliseconds. */
  readonly queries: { count: number; ms: number };
  /** Further metrics for `Server-Timing`, by name, such as `cache` → `desc=hit`; made when the first one is noted. */
  timings: Map<string, string> | undefined;
  /** Set while a transaction is open. */
  readonly transaction?: OpenTransaction;
}

interface OpenTransaction {
  /** The store's own handle, such as its connection. */
  readonly handle: unknown;
  readonly afterCommit: Effect[];
}

/** Something outside of the store that follows from a write, such as a mail or an invalidation. */
type Effect = () => Promise<void>;

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` in a context of its own. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs work that belongs to no request, such as a job or a task at start, in a context of its own. */
export function runInBackground<T>(transactor: Transactor, work: () => T): T {
  const queries = { count: 0, ms: 0 };
  return runInContext(
    { requestId: randomUUID(), deadline: Number.POSITIVE_INFINITY, transactor, queries, timings: undefined },
    work,
  );
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
  let effects: Effect[] = [];
  const result = await context.transactor((handle) => {
    effects = []; // of this try alone: those of one that was rolled back must never run
    return storage.run({ ...context, transaction: { handle, afterCommit: effects } }, work);
  });
  for (const effect of effects) await effect();
  return result;
}

/**
 * Runs `effect` once the open transaction is committed, and never if it is rolled back; with none open, at once.
 * The effects run in order, and `transaction()` waits for them. The write stands whatever they do, so an effect that may
 * fail handles that itself: what it throws reaches the client as the failure of a request that did succeed.
 */
export async function afterCommit(effect: Effect): Promise<void> {
  const open = currentContext()?.transaction;
  if (open) open.afterCommit.push(effect);
  else await effect();
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
  const context = storage.getStore();
  if (!context) return;
  context.timings ??= new Map();
  context.timings.set(name, parameters);
}

function requireContext(caller: string): RequestContext {
  const context = storage.getStore();
  if (!context) throw new Error(`${caller}() needs a request context: wrap the caller in runInContext()`);
  return context;
}
