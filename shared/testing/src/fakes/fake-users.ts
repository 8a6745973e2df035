import { type Account, Json, type NewUser, type Page, type Recommend, type User, type Users } from '@day90/core';
import { addFollow, FakeStore, type StoredUser } from './fake-store.ts';

/** Members in memory. */
export class FakeUsers implements Users {
  readonly #store: FakeStore;

  constructor(store = new FakeStore()) {
    this.#store = store;
  }

  async findById(id: string): Promise<Json<User> | undefined> {
    const row = this.#store.read().users.get(id);
    return row && Json.of(toUser(row));
  }

  async findByEmail(email: string): Promise<Account | undefined> {
    const row = [...this.#store.read().users.values()].find((user) => user.email === email);
    return row && { user: toUser(row), email: row.email, passwordHash: row.passwordHash };
  }

  async create(user: NewUser): Promise<User | undefined> {
    return this.#store.write((tables) => {
      if ([...tables.users.values()].some((row) => row.email === user.email)) return undefined;
      const id = this.#store.nextId();
      const row = { id, ...user, avatarUrl: '/static/avatars/1.svg', createdAt: Date.now() };
      tables.users.set(id, row);
      return toUser(row);
    });
  }

  async follow(follower: string, followee: string): Promise<boolean> {
    return this.#store.write((tables) => {
      if (!tables.users.has(followee)) return false;
      addFollow(tables, follower, followee);
      return true;
    });
  }

  async recommendations(id: string): Promise<Json<Page<User>>> {
    const tables = this.#store.read();
    const items = (tables.recommendations.get(id) ?? []).flatMap((other) => {
      const row = tables.users.get(other);
      return row ? [toUser(row)] : [];
    });
    return Json.of({ items, next: null });
  }

  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.#store.write((tables) => {
      const row = tables.users.get(id);
      if (row) tables.users.set(id, { ...row, passwordHash });
    });
  }
}

/** Friends of friends in memory: those first whom the most of the member's own follow. */
export function fakeRecommend(store: FakeStore): Recommend {
  return (id) =>
    store.write((tables) => {
      const own = tables.follows.get(id) ?? new Set<string>();
      const votes = new Map<string, number>();
      for (const friend of own) {
        for (const other of tables.follows.get(friend) ?? []) {
          if (other !== id && !own.has(other)) votes.set(other, (votes.get(other) ?? 0) + 1);
        }
      }
      const best = [...votes].sort(([a, x], [b, y]) => y - x || Number(a) - Number(b)).slice(0, 20);
      tables.recommendations.set(
        id,
        best.map(([other]) => other),
      );
    });
}

function toUser(row: StoredUser): User {
  return { id: row.id, name: row.name, avatarUrl: row.avatarUrl, createdAt: new Date(row.createdAt).toISOString() };
}
