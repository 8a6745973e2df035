import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 5 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'From Los Angeles to Seoul and back takes 200 ms, to the edge in Los Angeles 10 ms. By what factor does a page come sooner from the edge, with everything that Varnish does on the way?',
    unit: '×',
    result: 'stage-5.distance',
    why: 'Never more than 200 ÷ 10, whatever the software. What is missing to 20 is what stands between, and it is some two milliseconds. So the figure says little about Varnish and all about distance: no code in Seoul could have made that page come sooner.',
  },
  break: {
    task: 'A visitor’s theme is in a cookie, and pages that come with a cookie are never kept: it costs hits. Take the look at the cookie out of `routeOf`. The page itself is public, isn’t it?',
    file: 'src/cache-headers.ts',
    find: 'if (!isRead(req) || req.headers.cookie !== undefined || req.headers.authorization !== undefined) return undefined;',
    replaceBy: 'if (!isRead(req) || req.headers.authorization !== undefined) return undefined;',
    test: { file: 'test/cache-headers.test.ts', name: 'nothing that comes with a cookie' },
    why: 'Today no public page looks at a cookie. The first one that does, a greeting, a theme, is kept with "public" on it and shown to everybody, and no test of that page would fail: it is right for whoever asked. So the rule is about what came in, and not about what the page is known to do. Edges lose nothing: they take cookies out before they ask for what is public.',
  },
  extend: {
    task: 'While the origin fails, edges may show what they have for a day. For a post that is a blessing; the newest posts of yesterday look like a dead site. Let a route say for itself how long it may be shown then, and let `/posts` say an hour.',
    hints: [
      'Routes and their lives are in src/public-routes.ts, the header is put together in src/cache-headers.ts.',
      'What says nothing keeps its day.',
    ],
    check: 'learn/extend.ts',
    after:
      'The table in test/cache-headers.test.ts is red now, and rightly: it holds what you have changed. Bring it in step. Does Varnish follow the header? Look for `stale-if-error` in varnish/, and see who decides.',
  },
};
