import type { LedgerRow } from './ledger-row.ts';

const DAY1 = 'stages/day1-sqlite/test';
const DAY15 = 'stages/day15-cache/test';
const DAY30 = 'stages/day30-scaleout/test';
const DAY45 = 'stages/day45-replicas/test';
const DAY60 = 'stages/day60-cdn/test';
const DAY90 = 'stages/day90-full/test';

/** C1 to C26: what the guide claims, step by step. What a bench proves names its row itself, in `proves`. */
export const guideClaims: readonly LedgerRow[] = [
  {
    id: 'C1',
    says: 'A feed joined in one query instead of a query for each author',
    figure: '101 → 1 queries, over 1 s → 50 ms',
    holds:
      'The queries exactly. The second is the way to the database, not the queries: in one process it is a fraction.',
  },
  {
    id: 'C2',
    says: 'An index instead of a scan of a million rows',
    figure: '3 s → 10 ms',
    tests: [{ file: `${DAY1}/plans.test.ts`, name: 'search by an index, but for the popular list' }],
  },
  {
    id: 'C3',
    says: "The planner's own cost falls with the index, and is read before and after",
    figure: '18,335 → 8.31, "2000×"',
    tests: [{ file: `${DAY30}/explain.test.ts`, name: 'enter an index, but for the popular list' }],
  },
  { id: 'C4', says: 'A pool of connections instead of one for each request' },
  {
    id: 'C5',
    says: 'A read from the cache instead of the database',
    figure: '50 ms → 1 ms',
    holds: 'As far as the query is dear. A look-up by key in the same process costs less than the way to Redis.',
  },
  {
    id: 'C6',
    says: 'A cached popular page takes nearly all of its load off the database',
    figure: '50 ms → 1 ms, database load −99 %',
    holds: 'The page is one query for each time to live. An index on views does as well for it, and taxes each view.',
  },
  {
    id: 'C7',
    says: 'A change of a post ends the post and the lists that it is on',
    tests: [
      { file: `${DAY15}/fresh-values.test.ts`, name: 'ends with a change of a post that is on it, and with no other' },
      { file: `${DAY15}/fresh-values.test.ts`, name: 'ends with a change of any post of theirs, and of nobody else' },
      { file: `${DAY15}/security.test.ts`, name: 'is seen by the other at once, in all that it had shown before' },
    ],
  },
  {
    id: 'C8',
    says: 'A user is cached under their id, and one who is not there is not',
    tests: [{ file: `${DAY15}/fresh-values.test.ts`, name: 'finds a member who was asked for before they signed up' }],
  },
  {
    id: 'C9',
    says: 'Three equal servers carry three times as much, and one of them may die',
    figure: '3× for 3 × $100',
    holds:
      'Nearly: nginx and what all boxes share take their part, and on two cores the boxes are in one another’s way.',
    drills: [7],
  },
  {
    id: 'C10',
    says: 'nginx hands requests out by turns, and passes on who asks',
    tests: [{ file: `${DAY30}/nginx.test.ts`, name: 'is what nginx saw, whatever the visitor claims' }],
  },
  { id: 'C11', says: 'Weights 3, 1 and 1 give the first server six of ten requests', figure: '60 %' },
  {
    id: 'C12',
    says: 'Sessions in a Redis of their own: log in on any server, be known on every other',
    drills: [10, 11],
    tests: [
      {
        file: `${DAY30}/meets-earlier-steps.test.ts`,
        name: 'begun on any box is known on each, and ended on any is ended on each',
      },
    ],
  },
  {
    id: 'C13',
    says: 'A health check; servers that come and go with the load',
    figure: '3 to 20 servers',
    drills: [8, 14],
    tests: [
      { file: `${DAY30}/roll-and-scale.test.ts`, name: 'boxes are added, answer, and are taken away again' },
      { file: 'shared/core/test/app-failures.test.ts', name: 'is alive, but not ready, while its database is away' },
    ],
  },
  {
    id: 'C14',
    says: 'Two replicas beside the primary carry a load of nine reads to a write',
    figure: '3×',
    holds:
      'With reads on all three databases, by the fewest in flight. Picked at random among the replicas it is about two.',
    drills: [16],
  },
  {
    id: 'C15',
    says: 'Users divided over three databases, with ids made before a row is stored',
    drills: [18, 19],
    tests: [
      { file: `${DAY45}/sharded/ids.test.ts`, name: 'is made of its parts, fits a bigint, and names its bucket' },
    ],
  },
  {
    id: 'C16',
    says: 'No JOIN across shards: the app joins',
    tests: [{ file: `${DAY45}/sharded/shard-set.test.ts`, name: 'is no matter to members of the others' }],
  },
  {
    id: 'C17',
    says: 'No transaction across shards: a saga',
    tests: [
      {
        file: `${DAY45}/sharded/saga.test.ts`,
        name: 'are each whole or undone, however they meet, crash, and are finished by several at once',
      },
    ],
  },
  {
    id: 'C18',
    says: 'A visitor far away is answered by the edge near them',
    figure: '200 ms → 10 ms',
    holds: 'Distance is modelled: round trips, without TLS and names.',
    drills: [20],
  },
  {
    id: 'C19',
    says: 'Static files and pictures come from the edge, not from the app; a picture is stored under a random name',
    figure: 'load → 0',
    tests: [
      {
        file: `${DAY60}/pictures-stage.test.ts`,
        name: 'is answered with the address of the edges, whatever the sender says of hosts',
      },
      { file: `${DAY60}/stage.test.ts`, name: 'are under names that last, and kept for ever by everybody' },
    ],
  },
  {
    id: 'C20',
    says: 'Public answers of the app are cached at the edge as well',
    tests: [
      {
        file: `${DAY60}/cache-headers.test.ts`,
        name: 'of all routes of the app those that read no session, and no other',
      },
    ],
  },
  {
    id: 'C21',
    says: 'Signing up waits for the account, and not for the mail and the recommendations',
    figure: '5 s → 100 ms',
    holds: 'The wait that is left is the hash of the password. How long the mail takes is our own setting.',
    drills: [24, 25, 26, 29],
  },
  {
    id: 'C22',
    says: 'A database that is down is noticed by a machine, not by whoever comes to work',
    figure: '6.5 h down',
    drills: [30, 32],
  },
  {
    id: 'C23',
    says: 'Dashboards of latency, requests a second and the share of errors',
    tests: [
      { file: `${DAY90}/rules.test.ts`, name: 'has what the guide shows, first' },
      { file: `${DAY90}/rules.test.ts`, name: 'asks only what Prometheus understands' },
    ],
  },
  {
    id: 'C24',
    says: 'Alerts in a channel: errors over 1 %, p95 over 500 ms, database down',
    drills: [30, 31],
    tests: [{ file: `${DAY90}/rules.test.ts`, name: 'are there for each alert, and for none that there is not' }],
  },
  {
    id: 'C25',
    says: 'Logs of all boxes in one place',
    tests: [
      { file: `${DAY90}/app.test.ts`, name: 'leads from the edge to the mail, under the id of the answer' },
      { file: 'infra/test/logs-command.test.ts', name: 'shows the lines of all boxes by time' },
    ],
  },
  {
    id: 'C26',
    says: 'All together carry a million users a day for about $1,000 a month',
    figure: '100,000 at once, 10,000 requests/s, 99.9 %',
    tests: [{ file: 'bench/test/plan-prices.test.ts', name: 'adds up to what the guide says it adds up to' }],
  },
];
