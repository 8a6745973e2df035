import type { SqlDatabase } from 'stage-1';

/** Brings the index that stage 1 does without: from here on the popular list is read, and each flush of views moves entries. */
export async function addViewsIndex(db: SqlDatabase): Promise<void> {
  await db.run({ sql: 'CREATE INDEX IF NOT EXISTS posts_by_views ON posts (views, id)', values: [] });
}
