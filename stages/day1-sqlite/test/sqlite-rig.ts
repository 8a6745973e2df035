import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Resource } from '@day90/core';
import { sqlAnswers, sqlPosts, sqlRecommend, sqlUsers, sqlViews } from 'stage-1';
import { connectionPerRequest } from '../src/naive/connection-per-request.ts';
import { naivePosts } from '../src/naive/naive-posts.ts';
import { naiveUsers } from '../src/naive/naive-users.ts';
import type { SqlDatabase } from '../src/sql-database.ts';
import { openSqlite } from '../src/sqlite.ts';

/** A folder for one test, and how to get rid of it. */
export async function testFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'day90-stage-1-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The adapters of stage 1 on a new file. */
export async function sqliteRig() {
  const folder = await testFolder();
  const db = await openSqlite(join(folder.path, 'test.sqlite'));
  return { ...adapters(db, folder), users: sqlUsers(db), posts: sqlPosts(db) };
}

/** The adapters of the naive variant on a new file. */
export async function naiveRig() {
  const folder = await testFolder();
  const db = await connectionPerRequest(join(folder.path, 'test.sqlite'));
  return { ...adapters(db, folder), users: naiveUsers(sqlUsers(db)), posts: naivePosts(db, sqlPosts(db)) };
}

function adapters(db: SqlDatabase & Resource, folder: { path: string; remove(): Promise<void> }) {
  const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });
  const views = sqlViews(db, logger);
  const answers = sqlAnswers(db, logger);
  return {
    db,
    path: join(folder.path, 'test.sqlite'),
    transactor: db.transactor,
    views,
    answers,
    recommend: sqlRecommend(db),
    async close() {
      await views.close();
      await answers.close();
      await db.close();
      await folder.remove();
    },
  };
}
