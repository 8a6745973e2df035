import { countQuery, currentContext, type StoredAnswer, type Transactor, type Upload } from '@day90/core';

/** A row is replaced, never changed: a draft shares its rows with the state it was made from. */
export interface StoredUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly avatarUrl: string;
  readonly createdAt: number;
}

export interface StoredPost {
  readonly id: string;
  readonly authorId: string;
  readonly title: string;
  readonly body: string;
  readonly views: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** All tables, each by its key. */
export interface Tables {
  users: Map<string, StoredUser>;
  posts: Map<string, StoredPost>;
  /** Whom a member follows, by the member. */
  follows: Map<string, ReadonlySet<string>>;
  recommendations: Map<string, readonly string[]>;
  answers: Map<string, { fingerprint: string; answer?: StoredAnswer }>;
  uploads: Map<string, Upload>;
  /** Names of uploads that were begun. */
  pending: Set<string>;
}

/**
 * Tables in memory with transactions that are real: one runs at a time, on a draft that takes the place of the tables at
 * its commit and is thrown away at its rollback. Until then nobody else sees it.
 */
export class FakeStore {
  #tables: Tables = {
    users: new Map(),
    posts: new Map(),
    follows: new Map(),
    recommendations: new Map(),
    answers: new Map(),
    uploads: new Map(),
    pending: new Set(),
  };
  #last: Promise<unknown> = Promise.resolve();
  #lastId = 0;

  /** The tables as the running request may see them: its own draft within a transaction, else what is committed. */
  read(): Tables {
    countQuery(0);
    return this.#draft() ?? this.#tables;
  }

  /** Changes the tables, in the open transaction or in one of its own. */
  async write<T>(change: (tables: Tables) => T): Promise<T> {
    countQuery(0);
    const draft = this.#draft();
    return draft ? change(draft) : this.writeApart(change);
  }

  /** Changes the tables in a transaction of its own, whatever the running request does. */
  writeApart<T>(change: (tables: Tables) => T): Promise<T> {
    return this.transactor(async (handle) => change((handle as Draft).tables));
  }

  /** An id that no other row has, also after a rollback. */
  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  readonly transactor: Transactor = <T>(work: (handle: unknown) => Promise<T>): Promise<T> => {
    const run = this.#last.then(async () => {
      const draft = new Draft(this, copy(this.#tables));
      const result = await work(draft);
      this.#tables = draft.tables;
      return result;
    });
    this.#last = run.catch(() => undefined); // the next one runs whether or not this one was rolled back
    return run;
  };

  #draft(): Tables | undefined {
    const handle = currentContext()?.transaction?.handle;
    return handle instanceof Draft && handle.store === this ? handle.tables : undefined;
  }
}

/** Notes that one member follows another. */
export function addFollow(tables: Tables, follower: string, followee: string): void {
  tables.follows.set(follower, new Set([...(tables.follows.get(follower) ?? []), followee]));
}

class Draft {
  readonly store: FakeStore;
  readonly tables: Tables;

  constructor(store: FakeStore, tables: Tables) {
    this.store = store;
    this.tables = tables;
  }
}

function copy(tables: Tables): Tables {
  return {
    users: new Map(tables.users),
    posts: new Map(tables.posts),
    follows: new Map(tables.follows),
    recommendations: new Map(tables.recommendations),
    answers: new Map(tables.answers),
    uploads: new Map(tables.uploads),
    pending: new Set(tables.pending),
  };
}
