import type { LedgerRow } from './ledger-row.ts';

const CONTRACT = 'stages/day1-sqlite/test/app.test.ts';
const DAY15 = 'stages/day15-cache/test';
const DAY45 = 'stages/day45-replicas/test';
const DAY60 = 'stages/day60-cdn/test';
const DAY75 = 'stages/day75-queue/test';

/** T1 to T15: where the guide is wrong, or says nothing. */
export const traps: readonly LedgerRow[] = [
  { id: 'T1', says: 'N+1 costs a second over a network, and hardly anything in the process of SQLite' },
  {
    id: 'T2',
    says: 'Lists without an order repeat and skip; SELECT * hands out addresses and hashes',
    tests: [
      { file: CONTRACT, name: 'walks from page to page without a hole or a double, newest first' },
      { file: CONTRACT, name: 'shows a member in the public shape: never the address, never the hash' },
    ],
  },
  {
    id: 'T3',
    says: 'A hot key that ends is loaded by everybody at once, and a value from before a write is stored after it',
    drills: [5],
    tests: [
      {
        file: `${DAY15}/interleavings.test.ts`,
        name: 'show no reader a value older than a write that was confirmed, or answered in its own process, before',
      },
    ],
  },
  {
    id: 'T4',
    says: 'Each new list needs another delete, and one is forgotten: invalidate in one place, after the commit',
    drills: [6],
    tests: [
      { file: `${DAY15}/fresh-values.test.ts`, name: 'invalidates once it is committed, and not before' },
      { file: `${DAY15}/fresh-values.test.ts`, name: 'does not end with a new post once it is full' },
    ],
  },
  { id: 'T5', says: 'A cache that is down must not take the site down', drills: [3, 4] },
  { id: 'T6', says: 'A random replica does not show you what you have just written', drills: [15] },
  { id: 'T7', says: 'With id % 3 a fourth shard moves three rows of four', drills: [19] },
  {
    id: 'T8',
    says: 'A saga that is only named leaves work half done',
    as: ['C17'],
    tests: [
      {
        file: `${DAY45}/sharded/shard-set.test.ts`,
        name: 'keeps a follow of one of its members waiting, half done, and finishes it when it is back',
      },
    ],
  },
  {
    id: 'T9',
    says: 'public, max-age on an answer for one member shows it to everybody, and stays after an edit',
    drills: [20],
    tests: [{ file: `${DAY60}/edge-private.test.ts`, name: 'with a public page: it is made for nobody, whoever asks' }],
  },
  {
    id: 'T10',
    says: 'Any file can be sent as a picture: type, size, path, script',
    drills: [21, 22, 23],
    tests: [
      {
        file: `${DAY60}/redraw.test.ts`,
        name: 'leaves nothing of what the file tells beside its pixels: place, camera, profile, texts',
      },
      { file: 'shared/core/test/uploads.test.ts', name: 'keeps nothing that could not be drawn' },
    ],
  },
  {
    id: 'T11',
    says: 'A crash between the row and the queue loses the mail, and a retry sends it twice',
    drills: [24, 26, 27, 28],
    tests: [
      {
        file: `${DAY75}/do-job.test.ts`,
        name: 'has one effect in the database, however often it is delivered, at once or after failures',
      },
    ],
  },
  { id: 'T12', says: 'rate(5xx) > 0.01 is a rate in a second and no share of the requests', drills: [31] },
  {
    id: 'T13',
    says: 'Rules belong to Prometheus and receivers to Alertmanager, and up needs an exporter',
    drills: [30],
    tests: [{ file: 'stages/day90-full/test/rules.test.ts', name: 'are ones that Prometheus takes' }],
  },
  {
    id: 'T14',
    says: 'One nginx, one Redis, one primary: three single points of failure are left',
    holds:
      'The primary has a failover. nginx and each Redis are one, said so in each README, with the managed part named.',
    drills: [12, 13, 17],
  },
  {
    id: 'T15',
    says: 'Single requests, averages and closed loops hide the tail',
    holds: 'Load comes at a fixed rate, a block is the unit, and each figure has an interval.',
    tests: [
      { file: 'bench/test/bench-command.test.ts', name: 'is void when k6 could not send every arrival' },
      { file: 'bench/test/statistics.test.ts', name: 'looks at the interval, not the estimate, for its goal' },
    ],
  },
];
