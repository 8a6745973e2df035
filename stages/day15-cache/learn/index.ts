import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 2 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'The popular page of a million posts, once without Redis by an index on `views`, once from the cache. Response time with the index divided by that with the cache: what is it? (1 is no difference, 10 is a cache ten times as fast.)',
    unit: '×',
    result: 'stage-2.index-instead',
    why: 'Both find twenty posts without looking at others; what is left is the way through the app, and that is the same. Speed is no reason for a cache where an index does it, too. The index is paid elsewhere: by each flush of views, which has to move its entries. See "When not to" in the README.',
  },
  break: {
    task: 'A tag was invalidated, and once more while Redis was still busy with the first time. In `Invalidations`, let the answer to the first end both. What can a reader see then, and for how long?',
    file: 'src/invalidations.ts',
    find: 'for (const [tag, time] of asked) if (this.#open.get(tag) === time) this.#open.delete(tag);',
    replaceBy: 'for (const [tag] of asked) this.#open.delete(tag);',
    test: { file: 'test/invalidations.test.ts', name: 'stay open when only an earlier one of the same thing was done' },
    why: 'The second invalidation belongs to a second write. Should its own message be lost, nobody sends it again: the entry that a reader had loaded in between stays for its whole life. A thing that is waited for needs the identity of that one try, and not only its name.',
  },
  extend: {
    task: 'A deploy changes what a cached post looks like. For some minutes boxes of both versions read the same Redis, and the new ones choke on the old shape. Put a version into the keys of everything that is cached, so that `post:42` becomes `v2:post:42`, and see that whatever names a tag still finds it.',
    hints: [
      'All keys are made in src/cached-things.ts. A key is also a tag.',
      'Two tags stand there as constants, and one of them is made of nothing that is cached.',
    ],
    check: 'learn/extend.ts',
    after:
      'While both versions run, a write through an old box ends only the old keys. How long may a new box show what was there before, and what would you do about it? Run `npx -y pnpm test stages/day15-cache`, and see which tests had the old keys in them.',
  },
};
