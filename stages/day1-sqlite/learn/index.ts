import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 1 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'The feed of 100 posts takes 101 queries: one for the posts, one for each author. A JOIN makes one query of them. SQLite runs in the process. By what factor does the database time of that page shrink?',
    unit: '×',
    result: 'stage-1.feed',
    why: 'Not by a hundred: each of the small queries reads one row by its key and crosses nothing. The famous second comes from the way to the database, a hundred times there and back. Stage 3 has such a way, and measures the same page again.',
  },
  break: {
    task: 'Put the columns of the index `posts_by_author` into another order, the time before the author. It is the same index to whoever skims the file. What does an author’s page have to read then?',
    file: 'src/migrations/indexes.ts',
    find: "table.index(['author_id', 'created_at', 'id'], 'posts_by_author')",
    replaceBy: "table.index(['created_at', 'author_id', 'id'], 'posts_by_author')",
    test: {
      file: 'test/plans.test.ts',
      name: 'stay the same when the tables have a hundred times as many rows',
    },
    why: 'An index is sorted by its first column. By time first, the posts of one author lie spread over all of it: SQLite walks through everybody’s posts and throws away those of others. Nothing fails, every answer is right, and the page gets slower with each post that anybody writes. That is why a test asks for the plan, and not for the answer.',
  },
  extend: {
    task: 'A search engine asks every hour which posts have changed since its last visit, the oldest change first: `SELECT id, updated_at FROM posts WHERE updated_at > ? ORDER BY updated_at, id LIMIT 500`. See to it that this reads no row that it does not return.',
    hints: [
      'A migration is for ever: databases out there have run the ones that are there. Write a new one, in a file of its own.',
      'First the column that is compared, then what ends the order.',
      'It has to be named in src/migrations/index.ts, after the others.',
    ],
    check: 'learn/extend.ts',
    after:
      'Now look at what it costs: `npx -y pnpm bench stage-1 --claim write-tax --quick`, with your index and without. Which kind of write pays most for it?',
  },
};
