import { seededRandom } from '@day90/bench';
import type { Scale } from '@day90/infra';
import { SCALES, zipfRanks } from '@day90/testing/data';
import { sqlPosts } from 'stage-1';
import { type MeasuredDatabase, openMeasured } from '../measured-database.ts';

/** What a page shows. */
export const PAGE = 20;
const AUTHORS = 2_000;

/** One table, and two ways to read a page of it. Both give the database time in milliseconds. */
export interface Table {
  posts: number;
  byIndex(): Promise<number>;
  byScan(): Promise<number>;
  close(): void;
}

/** Opens a seeded file; the authors whose pages are read are picked by the seed. */
export function openTable(path: string, scale: Scale, seed: number): Table {
  const indexed = openMeasured(path, { readonly: true });
  const scanned = openMeasured(path, { readonly: true, rewrite: withoutIndex });
  const authors = pickAuthors(indexed, seed);
  let turn = 0;
  const page = (db: MeasuredDatabase) => {
    const posts = sqlPosts(db);
    return async () => {
      const spent = db.spentMs.reads;
      turn += 1;
      await posts.byAuthor(authors[turn % authors.length] as string, { limit: PAGE });
      return db.spentMs.reads - spent;
    };
  };
  return {
    posts: SCALES[scale].posts,
    byIndex: page(indexed),
    byScan: page(scanned),
    close() {
      indexed.connection.close();
      scanned.connection.close();
    },
  };
}

/** Authors with more than a page of posts, as readers ask for them: by Zipf's law, those who write most the most often. */
function pickAuthors({ connection }: MeasuredDatabase, seed: number): string[] {
  const byPosts = connection
    .prepare<number[], number>(
      'SELECT author_id FROM posts GROUP BY author_id HAVING count(*) > ? ORDER BY count(*) DESC, author_id',
    )
    .pluck()
    .all(PAGE);
  const rank = zipfRanks(byPosts.length, seededRandom(seed));
  return Array.from({ length: AUTHORS }, () => String(byPosts[rank() - 1]));
}

/** Keeps a statement of the app's from using any index on posts. */
function withoutIndex(sql: string): string {
  const changed = sql.replace('from `posts`', 'from `posts` not indexed');
  if (changed === sql) throw new Error(`no posts to scan in: ${sql}`);
  return changed;
}
