import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 3 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'Three equal boxes behind nginx, each with a fifth of a core, on a machine with two. Database and cache have room to spare. How many times the capacity of one box do the three carry together?',
    unit: '×',
    result: 'stage-3.scale-out',
    why: 'Nearly three, and not three. The boxes share nothing but what stands behind them, so little is lost to waiting for each other; but on two cores four boxes, nginx, Redis and the load generator take turns, and each request then takes a little more CPU. Had you said 3, you would have bought a machine too few.',
  },
  break: {
    task: 'nginx asks the next box when one can’t be reached. Let it do so for a 503, too: `proxy_next_upstream error timeout http_503`. It looks like more safety. Now all boxes answer 503 at once, since the database is slow. What does the visitor get?',
    file: 'nginx/nginx.conf',
    find: 'proxy_next_upstream error timeout;',
    replaceBy: 'proxy_next_upstream error timeout http_503;',
    test: { file: 'test/nginx.test.ts', name: 'that answers 503 has answered' },
    why: 'Each 503 now counts as a failure of its box, and after one failure nginx leaves a box alone for two seconds. Soon all three are left alone, and nginx answers 502 by itself: the app’s own answer, with its Retry-After, is gone, and so is every page that would have worked. A box that says "not now" is not a dead box.',
  },
  extend: {
    task: 'With two nginx in front, `least_conn` is fooled: each counts only its own connections. The usual answer is to draw two boxes at random and take the one with fewer. Add it to what a start can choose: `--balance=random-two`.',
    hints: [
      'The choices stand in src/boxes.ts; each has the line for the upstream block, and what the first server gets.',
      'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random',
    ],
    check: 'learn/extend.ts',
    after:
      'Start the stage with it, freeze a box (`kill -STOP`, its pid is in `npx -y pnpm status`), and load some pages. How does it fare against `--balance=round-robin`?',
  },
};
