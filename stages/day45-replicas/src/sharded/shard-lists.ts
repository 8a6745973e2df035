import { hotStatement, type PostRow, type SqlDatabase } from 'stage-1';
import type { ShardAnswer } from './scatter.ts';

interface PageParams extends Record<string, unknown> {
  limit: number;
  createdAt: number;
  id: string;
}

/** A row of a list, and of what the shard has; a list without rows is one row of nulls and the version. */
type ListRow = (PostRow | { id: null }) & { shard_version: string };

const COLUMNS = `posts.id, title, body, views, posts.created_at, updated_at, author_id,
  users.name AS author_name, users.avatar_url AS author_avatar_url`;
const RECENT = withVersion(`SELECT ${COLUMNS} FROM posts JOIN users ON users.id = author_id
  WHERE (posts.created_at, posts.id) < (?, ?) ORDER BY posts.created_at DESC, posts.id DESC LIMIT ?`);
const POPULAR = withVersion(`SELECT ${COLUMNS} FROM (SELECT * FROM posts ORDER BY views DESC, id DESC LIMIT ?) posts
  JOIN users ON users.id = author_id`);

/**
 * One shard's part of the lists that go over all shards. A post's author is in its bucket, so that the join stays what it
 * was; what the shard has is read in the same statement, and so at the same moment, as the rows.
 */
export function shardLists(db: SqlDatabase) {
  const recent = hotStatement<PageParams, ListRow>(db, 'recent-posts', (dialect, $) =>
    dialect.raw(RECENT, [$('createdAt'), $('id'), $('limit')]),
  );
  const popular = hotStatement<{ limit: number }, ListRow>(db, 'popular-posts', (dialect, $) =>
    dialect.raw(POPULAR, [$('limit')]),
  );
  return {
    recent: async (params: PageParams) => answerOf(await recent(params)),
    popular: async (limit: number) => answerOf(await popular({ limit })),
  };
}

/** Of the same statement, and so of the same moment, as the rows; there also when there are none. */
function withVersion(rows: string): string {
  return `SELECT version AS shard_version, page.* FROM ownership LEFT JOIN LATERAL (${rows}) page ON true`;
}

function answerOf(rows: ListRow[]): ShardAnswer<PostRow> {
  return {
    rows: rows.filter((row): row is PostRow & { shard_version: string } => row.id !== null),
    version: Number(rows[0]?.shard_version),
  };
}
