/** Something opened at start and closed at the end: a database, a pool, a timer. */
export interface Resource {
  /** Releases everything; called once. */
  close(): Promise<void>;
  /** Rejects while public reads can't be served without it. A resource the app can do without has no such method. */
  ready?(): Promise<void>;
  /** Resolves with the reason when it can never work, such as a refused password. No process should go on with that. */
  readonly broken?: Promise<string> | undefined;
}

/** What a box has opened, in order. Closing is the reverse, so that nothing is closed under what still uses it. */
export class Resources {
  readonly #opened: Resource[] = [];

  /** Adds a resource at the place where it is opened. @returns The same resource. */
  use<R extends Resource>(resource: R): R {
    this.#opened.push(resource);
    return resource;
  }

  /** Rejects with the first resource's reason while one that public reads need is not ready. */
  async ready(): Promise<void> {
    await Promise.all(this.#opened.map((resource) => resource.ready?.()));
  }

  /** Resolves with the first reason why one of them can never work; for ever pending while there is none. */
  broken(): Promise<string> {
    return Promise.race(this.#opened.flatMap((resource) => resource.broken ?? []));
  }

  /** Closes all of them, the last one first, also when one fails. @throws {AggregateError} With every failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const resource of this.#opened.splice(0).reverse()) {
      await resource.close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not every resource could be closed.');
  }
}
