import type { Post, PostChanges, Posts } from '@day90/core';
import { type Cursor, cursorAfter, Json, type NewPost, type Page, type PageRequest } from '@day90/core';
import { FakeStore, type StoredPost, type Tables } from './fake-store.ts';

/** Posts in memory. */
export class FakePosts implements Posts {
  readonly #store: FakeStore;

  constructor(store = new FakeStore()) {
    this.#store = store;
  }

  async findById(id: string): Promise<Json<Post> | undefined> {
    const tables = this.#store.read();
    const row = tables.posts.get(id);
    return row && toJson(tables, row);
  }

  async recent(page: PageRequest): Promise<Json<Page<Post>>> {
    const tables = this.#store.read();
    return toPage(tables, [...tables.posts.values()], page);
  }

  async byAuthor(authorId: string, page: PageRequest): Promise<Json<Page<Post>>> {
    const tables = this.#store.read();
    return toPage(
      tables,
      [...tables.posts.values()].filter((row) => row.authorId === authorId),
      page,
    );
  }

  async popular(): Promise<Json<Page<Post>>> {
    const tables = this.#store.read();
    const rows = [...tables.posts.values()].sort((a, b) => b.views - a.views || newestFirst(a, b)).slice(0, 20);
    return Json.of({ items: rows.map((row) => toPost(tables, row)), next: null });
  }

  async create(authorId: string, { title, body }: NewPost): Promise<Json<Post>> {
    return this.#store.write((tables) => {
      const id = this.#store.nextId();
      const now = Date.now();
      const row = { id, authorId, title, body, views: 0, version: 1, createdAt: now, updatedAt: now };
      tables.posts.set(id, row);
      return toJson(tables, row);
    });
  }

  async update(
    id: string,
    authorId: string,
    changes: PostChanges,
    ifVersions?: string[],
  ): Promise<Json<Post> | 'not_found' | 'version_mismatch'> {
    return this.#store.write((tables) => {
      const row = tables.posts.get(id);
      if (row?.authorId !== authorId) return 'not_found';
      if (ifVersions && !ifVersions.includes(String(row.version))) return 'version_mismatch';
      const changed = {
        ...row,
        title: changes.title ?? row.title,
        body: changes.body ?? row.body,
        version: row.version + 1,
        updatedAt: Date.now(),
      };
      tables.posts.set(id, changed);
      return toJson(tables, changed);
    });
  }
}

function toPage(tables: Tables, rows: StoredPost[], { limit, before }: PageRequest): Json<Page<Post>> {
  const older = before ? rows.filter((row) => newestFirst(row, before) > 0) : rows;
  const sorted = older.sort(newestFirst);
  const items = sorted.slice(0, limit).map((row) => toPost(tables, row));
  const last = items.at(-1);
  return Json.of({ items, next: last && sorted.length > limit ? cursorAfter(last) : null });
}

/** Order of the lists; ids are compared as numbers, since "9" comes after "10" as text. */
function newestFirst(a: Cursor, b: Cursor): number {
  return b.createdAt - a.createdAt || Number(b.id) - Number(a.id);
}

function toJson(tables: Tables, row: StoredPost): Json<Post> {
  return Json.of(toPost(tables, row), String(row.version));
}

function toPost(tables: Tables, row: StoredPost): Post {
  const author = tables.users.get(row.authorId);
  if (!author) throw new Error(`FakePosts: post ${row.id} has no author; make a member in the same FakeStore first`);
  return {
    id: row.id,
    title: row.title,
    body: row.body,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    views: row.views,
    author: { id: author.id, name: author.name, avatarUrl: author.avatarUrl },
  };
}
