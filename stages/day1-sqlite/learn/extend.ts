import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { migrate } from '../src/migrations/index.ts';

const CHANGED = 'SELECT id, updated_at FROM posts WHERE updated_at > ? ORDER BY updated_at, id LIMIT 500';

let folder: string;
let steps: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'day90-learn-'));
  const path = join(folder, 'day90.sqlite');
  await migrate(path, 'latest');
  const db = new Database(path, { readonly: true });
  steps = (db.prepare(`EXPLAIN QUERY PLAN ${CHANGED}`).all(0) as { detail: string }[]).map(({ detail }) => detail);
  db.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe('the posts that have changed since', () => {
  it('are searched for by an index', () => {
    expect(steps.filter((step) => !step.startsWith('SEARCH'))).toEqual([]);
  });

  it('come in their order, without being sorted', () => {
    expect(steps.join()).not.toContain('USE TEMP B-TREE');
    expect(steps).not.toEqual([]);
  });
});
