import type { Views } from '@day90/core';
import type { FakeStore } from './fake-store.ts';

/** Counts views in memory, each at once in a write of its own, apart from the transaction of the request. */
export class FakeViews implements Views {
  readonly #store: FakeStore;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  add(id: string): void {
    void this.#store.writeApart(({ posts }) => {
      const row = posts.get(id);
      if (row) posts.set(id, { ...row, views: row.views + 1 });
    });
  }
}
