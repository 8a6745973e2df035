import { AsyncLocalStorage } from 'node:async_hooks';
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
  /** Further metrics for `Server-Timing`, by name, such as `cache` → `desc=hit`. The last one of a name counts. */
  readonly timings: Map<string, string>;
  /** Set while a transaction is open. */
  readonly transaction?: OpenTransaction;
}

interface OpenTransaction {
  /** The store's own handle, such as its connection. */
  readonly handle: unknown;
  readonly afterCommit: (() => Promise<void>)[];
  readonly onError: (error: unknown) => void;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` in a context of its own. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the running request, or `undefined` outside of any. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}
