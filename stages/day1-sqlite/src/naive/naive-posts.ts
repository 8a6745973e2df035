import { cursorAfter, Json, type Page, type Post, type Posts } from '@day90/core';
import { hotStatement, type SqlDatabase } from '../sql-database.ts';
import { type PostRow, pageParams, toPost } from '../sql-posts.ts';

type BareRow = Omit<PostRow, 'author_name' | 'author_avatar_url'>;
type AuthorRow = { name: string; avatar_url: string };

/**
 * Lists as they are first written: the posts, then for each post its author (N+1). The rest passes through.
 * @param posts - Answers what is no list.
 */
export function naivePosts(db: SqlDatabase, posts: Posts): Posts {
  const recentPosts = hotStatement<ReturnType<typeof pageParams>, BareRow>(db, 'recent-posts', (dialect, $) =>
    dialect('posts')
      .select('*')
      .whereRaw('(created_at, id) < (?, ?)', [$('createdAt'), $('id')])
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit($('limit')),
  );
  const postsByAuthor = hotStatement<ReturnType<typeof pageParams> & { authorId: string }, BareRow>(
    db,
    'posts-by-author',
    (dialect, $) =>
      dialect('posts')
        .select('*')
        .where('author_id', $('authorId'))
        .whereRaw('(created_at, id) < (?, ?)', [$('createdAt'), $('id')])
        .orderBy([
          { column: 'created_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit($('limit')),
  );
  const popularPosts = hotStatement<{ limit: number }, BareRow>(db, 'popular-posts', (dialect, $) =>
    dialect('posts')
      .select('*')
      .orderBy([
        { column: 'views', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit($('limit')),
  );
  const authorById = hotStatement<{ id: string }, AuthorRow>(db, 'author-by-id', (dialect, $) =>
    dialect('users').select('name', 'avatar_url').where('id', $('id')),
  );

  async function withAuthors(rows: BareRow[], limit: number, more: boolean): Promise<Json<Page<Post>>> {
    const items: Post[] = [];
    for (const row of rows.slice(0, limit)) {
      const [author] = await authorById({ id: String(row.author_id) });
      const { name, avatar_url } = author as AuthorRow;
      items.push(toPost({ ...row, author_name: name, author_avatar_url: avatar_url }));
    }
    const last = items.at(-1);
    return Json.of({ items, next: last && more ? cursorAfter(last) : null });
  }

  return {
    async recent(page) {
      const rows = await recentPosts(pageParams(page));
      return withAuthors(rows, page.limit, rows.length > page.limit);
    },
    async byAuthor(authorId, page) {
      const rows = await postsByAuthor({ authorId, ...pageParams(page) });
      return withAuthors(rows, page.limit, rows.length > page.limit);
    },
    async popular() {
      return withAuthors(await popularPosts({ limit: 20 }), 20, false);
    },
    findById: (id) => posts.findById(id),
    create: (authorId, post) => posts.create(authorId, post),
    update: (id, authorId, changes, ifVersions) => posts.update(id, authorId, changes, ifVersions),
  };
}
