import type { Exercises } from '@day90/bench/learn';

/** What to do with stage 7 besides reading it. */
export const exercises: Exercises = {
  predict: {
    question:
      'A box is killed. Prometheus asks every box every two seconds; a rule, Alertmanager and the channel come after. How many seconds pass at most until the notice is in the channel?',
    unit: 's',
    result: 'stage-7.alert',
    value: 'a box is dead: until the notice, the slowest',
    why: 'Asking takes two of them. The rest is patience that somebody has chosen: how long a rule waits before it believes what it sees, and how long Alertmanager collects what belongs together. Each second of it keeps a restart from waking somebody.',
  },
  break: {
    task: '"More than 1 % of requests failed" is often written `rate(errors) > 0.01`. Write it so here: take `/ app:http_requests:rate5m` out of `ErrorRatioHigh`. When does it fire now?',
    file: 'prometheus/rules/requests.rules.yml',
    find: 'app:http_request_errors:rate5m / app:http_requests:rate5m > 0.01',
    replaceBy: 'app:http_request_errors:rate5m > 0.01',
    test: { file: 'test/rules.test.ts', name: 'fire when they should, and only then: requests' },
    why: 'That is one error in a hundred seconds, and no share of anything: at a thousand requests a second it fires at one in a hundred thousand, and the notice says 500 %. It takes a test with traffic in it to see that; the rule is good Prometheus, and `promtool check` is content.',
  },
  extend: {
    task: 'The cache can be up and of no use: wrong keys after a deploy, a life that is too short. Write the alert `CacheHitRateLow`, a ticket: for five minutes, less than half of the requests that asked the cache were answered by it (`cache_requests_total`, by `result`: hit and stale are answered, miss is not), while at least one a second asked.',
    hints: [
      'Sum both sides over the boxes before you divide.',
      'bypass did not ask: it is on neither side.',
      'A file in prometheus/rules/, with group and interval as in the others. A test wants a runbook in docs/runbooks/ for each alert, named like it.',
    ],
    check: 'learn/extend.ts',
    after:
      'Would you want to be woken by it? Freeze the cache (`kill -STOP`) and see which other notices come with it: a cause and its symptom, told twice, teach people to look away. `inhibit_rules` in prometheus/alertmanager.yml is where that is said.',
  },
};
