import { cursorAfter, Json, type Page, type Post, type Posts } from '@day90/core';
import { hotStatement, type PostRow, pageParams, type SqlDatabase, sqlPosts, toPost } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { type Ids, partsOfId } from './ids.ts';
import { perShard } from './per-shard.ts';
import { type Gathered, scatter } from './scatter.ts';
import { shardLists } from './shard-lists.ts';
import type { ShardSet } from './shard-set.ts';

const POPULAR_COUNT = 20;

/**
 * Posts over several shards. A post is in its author's bucket, so that one post and one author's posts are asked of one shard,
 * with the statements that one database has. The lists of all authors are asked of all shards, and merged.
 */
export function shardedPosts(shards: ShardSet, ids: Ids): Posts {
  const own = perShard((shard) => sqlPosts(shards.db(shard)));
  const lists = perShard((shard) => shardLists(shards.db(shard)));
  const insert = perShard((shard) => insertInto(shards.db(shard)));
  return {
    findById: (id) => shards.read(bucketOf(id), (shard) => own(shard).findById(id)),
    byAuthor: (authorId, page) =>
      shards.read(bucketOf(authorId), (shard) => own(shard).byAuthor(authorId, page), isEmpty),
    async recent(page) {
      const gathered = await scatter(shards, (shard) => lists(shard).recent(pageParams(page)));
      return toPage(gathered, newestFirst, page.limit);
    },
    async popular() {
      const { rows, partial } = await scatter(shards, (shard) => lists(shard).popular(POPULAR_COUNT));
      const top = { rows: rows.sort(mostViewedFirst).slice(0, POPULAR_COUNT), partial };
      return toPage(top, mostViewedFirst, POPULAR_COUNT);
    },
    create(authorId, { title, body }) {
      const bucket = bucketOf(authorId);
      return shards.write(bucket, async (shard) => {
        const id = ids.next(bucket);
        await insert(shard)({ id, authorId, title, body, now: partsOfId(id).ms });
        return (await own(shard).findById(id)) as Json<Post>;
      });
    },
    update: (id, authorId, changes, ifVersions) =>
      shards.write(
        bucketOf(id),
        (shard) => own(shard).update(id, authorId, changes, ifVersions),
        (result) => result === 'not_found',
      ),
  };
}

/** The time of a post is that in its id: both then sort the same way. */
function insertInto(db: SqlDatabase) {
  type Params = { id: string; authorId: string; title: string; body: string; now: number };
  return hotStatement<Params, never>(db, 'insert-post', (dialect, $) =>
    dialect('posts').insert({
      id: $('id'),
      author_id: $('authorId'),
      title: $('title'),
      body: $('body'),
      created_at: $('now'),
      updated_at: $('now'),
    }),
  );
}

/** Each shard gave as many as the page needs and one more, so that the first of them all are among them. */
function toPage(
  { rows, partial }: Gathered<PostRow>,
  order: (a: PostRow, b: PostRow) => number,
  limit: number,
): Json<Page<Post>> {
  const items = rows.sort(order).slice(0, limit).map(toPost);
  const last = items.at(-1);
  const next = last && rows.length > limit ? cursorAfter(last) : null;
  return Json.of({ items, next, ...(partial && { partial: true as const }) });
}

function newestFirst(a: PostRow, b: PostRow): number {
  return Number(b.created_at) - Number(a.created_at) || byId(a, b);
}

function mostViewedFirst(a: PostRow, b: PostRow): number {
  return Number(b.views) - Number(a.views) || byId(a, b);
}

/** The greater one first; as a number it would lose its last digits. */
function byId(a: PostRow, b: PostRow): number {
  return BigInt(b.id) > BigInt(a.id) ? 1 : -1;
}

function isEmpty({ value }: Json<Page<Post>>): boolean {
  return value.items.length === 0;
}
