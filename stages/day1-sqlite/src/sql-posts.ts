import { cursorAfter, Json, type Page, type PageRequest, type Post, type Posts } from '@day90/core';
import type { Knex } from 'knex';
import { coldQuery, hotStatement, type SqlDatabase } from './sql-database.ts';

/** A post with its author, as the queries below give it. Postgres gives 64-bit integers as strings, SQLite as numbers. */
export interface PostRow {
  id: number | string;
  title: string;
  body: string;
  views: number | string;
  created_at: number | string;
  updated_at: number | string;
  author_id: number | string;
  author_name: string;
  author_avatar_url: string;
}

type VersionedRow = PostRow & { version: number | string };

type PageParams = { limit: number; createdAt: number; id: string };

const POPULAR_COUNT = 20;
/** Later than every post: the place before the first one. */
const START = { createdAt: Number.MAX_SAFE_INTEGER, id: '1' };

/** Posts on a SQL database: every list is one query, author included, and reads only the rows it shows. */
export function sqlPosts(db: SqlDatabase): Posts {
  const postById = hotStatement<{ id: string }, VersionedRow>(db, 'post-by-id', (dialect, $) =>
    withAuthor(dialect('posts')).select('posts.version').where('posts.id', $('id')),
  );
  const recentPosts = hotStatement<PageParams, PostRow>(db, 'recent-posts', (dialect, $) => onePage(dialect, $));
  const postsByAuthor = hotStatement<PageParams & { authorId: string }, PostRow>(db, 'posts-by-author', (dialect, $) =>
    onePage(dialect, $).where('posts.author_id', $('authorId')),
  );
  // Found before they are joined: every post is sorted here, and only 20 of them need their authors.
  const popularPosts = hotStatement<{ limit: number }, PostRow>(db, 'popular-posts', (dialect, $) => {
    const mostViewed = dialect('posts').select(POST_COLUMNS).orderBy(order('views', 'id')).limit($('limit'));
    return withAuthor(dialect(mostViewed.as('found')), 'found').orderBy(order('found.views', 'found.id'));
  });
  const insertPost = hotStatement<{ authorId: string; title: string; body: string; now: number }, VersionedRow>(
    db,
    'insert-post',
    (dialect, $) =>
      dialect('posts')
        .insert({
          author_id: $('authorId'),
          title: $('title'),
          body: $('body'),
          created_at: $('now'),
          updated_at: $('now'),
        })
        .returning(asWritten(dialect)),
  );

  return {
    async findById(id) {
      const [row] = await postById({ id });
      return row && versioned(row);
    },
    async recent(page) {
      return toPage(await recentPosts(pageParams(page)), page);
    },
    async byAuthor(authorId, page) {
      return toPage(await postsByAuthor({ authorId, ...pageParams(page) }), page);
    },
    async popular() {
      return toPage(await popularPosts({ limit: POPULAR_COUNT }), { limit: POPULAR_COUNT });
    },
    async create(authorId, { title, body }) {
      const [row] = await insertPost({ authorId, title, body, now: Date.now() });
      return versioned(row as VersionedRow);
    },
    async update(id, authorId, changes, ifVersions) {
      const own = { id, author_id: authorId };
      const [row] = await coldQuery<VersionedRow>(
        db,
        db
          .dialect('posts')
          .where(own)
          .modify((query) => void (ifVersions && query.whereIn('version', ifVersions)))
          .update({
            ...(changes.title !== undefined && { title: changes.title }),
            ...(changes.body !== undefined && { body: changes.body }),
            updated_at: Date.now(),
            version: db.dialect.raw('version + 1'),
          })
          .returning(asWritten(db.dialect)),
      );
      if (row) return versioned(row);
      const there = await coldQuery(db, db.dialect('posts').where(own).select('id'));
      return there.length > 0 ? 'version_mismatch' : 'not_found';
    },
  };
}

/** The columns named one by one: `*` would take whatever a later migration adds. */
const POST_COLUMNS = ['id', 'title', 'body', 'views', 'created_at', 'updated_at', 'author_id'];
/** Rows of {@link PostRow}: those of `query`, which knows them by the name `posts`, each with its author. */
function withAuthor(query: Knex.QueryBuilder, posts = 'posts'): Knex.QueryBuilder {
  return query
    .join('users', 'users.id', `${posts}.author_id`)
    .select(
      ...POST_COLUMNS.map((column) => `${posts}.${column}`),
      'users.name as author_name',
      'users.avatar_url as author_avatar_url',
    );
}

/** Columns of a {@link VersionedRow} of what is being written: to read it back would be a second query within the transaction. */
function asWritten(dialect: Knex): (string | Knex.Raw)[] {
  return [
    ...POST_COLUMNS,
    'version',
    dialect.raw('(select name from users where users.id = posts.author_id) as author_name'),
    dialect.raw('(select avatar_url from users where users.id = posts.author_id) as author_avatar_url'),
  ];
}

/**
 * A page by keyset: the index is entered at the cursor, where OFFSET would read and drop every row before it.
 * @see https://use-the-index-luke.com/no-offset
 */
function onePage(dialect: Knex, $: (name: keyof PageParams) => number): Knex.QueryBuilder {
  return withAuthor(dialect('posts'))
    .whereRaw('(posts.created_at, posts.id) < (?, ?)', [$('createdAt'), $('id')])
    .orderBy(order('posts.created_at', 'posts.id'))
    .limit($('limit'));
}

function order(...columns: string[]): { column: string; order: 'desc' }[] {
  return columns.map((column) => ({ column, order: 'desc' }));
}

/** The parameters of a page's statement; it is asked for one row more than the page shows. */
export function pageParams({ limit, before = START }: PageRequest): PageParams {
  return { limit: limit + 1, createdAt: before.createdAt, id: before.id };
}

/** The page that rows from {@link pageParams} make. */
function toPage(rows: PostRow[], { limit }: PageRequest): Json<Page<Post>> {
  const items = rows.slice(0, limit).map(toPost);
  const last = items.at(-1);
  return Json.of({ items, next: last && rows.length > limit ? cursorAfter(last) : null });
}

function versioned(row: VersionedRow): Json<Post> {
  return Json.of(toPost(row), String(row.version));
}

/** The public shape of a row. */
export function toPost(row: PostRow): Post {
  return {
    id: String(row.id),
    title: row.title,
    body: row.body,
    createdAt: new Date(Number(row.created_at)).toISOString(),
    updatedAt: new Date(Number(row.updated_at)).toISOString(),
    views: Number(row.views),
    author: { id: String(row.author_id), name: row.author_name, avatarUrl: row.author_avatar_url },
  };
}
