/**
 * Minutes each, and what they guard seldom changes: variants of stages that differ from the stage in one part, what needs many
 * deaths or moves in a row, the help of every command, and pages in a browser. `pnpm test:all`, and with it `.ci/full`, runs them, too; so does naming one.
 */
const SLOW = [
  'infra/test/help.test.ts',
  'room/test/page-stage-1.test.ts',
  'room/test/page-stage-3.test.ts',
  'room/test/page-stage-7.test.ts',
  'stages/day15-cache/test/app-unprotected.test.ts',
  'stages/day30-scaleout/test/app-balance.test.ts',
  'stages/day45-replicas/test/app-random.test.ts',
  'stages/day45-replicas/test/failover-cut-short.test.ts',
  'stages/day45-replicas/test/join-cluster.test.ts',
  'stages/day45-replicas/test/sharded/app.test.ts',
  'stages/day45-replicas/test/sharded/handover.test.ts',
  'stages/day45-replicas/test/sharded/late-followee.test.ts',
  'stages/day45-replicas/test/sharded/move-bucket.test.ts',
  'stages/day45-replicas/test/sharded/reshard-hot.test.ts',
  'stages/day45-replicas/test/sharded/reshard-load.test.ts',
  'stages/day45-replicas/test/sharded/reshard.test.ts',
  'stages/day45-replicas/test/sharded/saga.test.ts',
  'stages/day45-replicas/test/sharded/slow-signup.test.ts',
  'stages/day60-cdn/test/app-origin.test.ts',
  'stages/day60-cdn/test/app.test.ts',
  'stages/day75-queue/test/app-inline-enqueue.test.ts',
];
/** What an exercise wants built, and so fails until it is: run by `pnpm learn`, or named. */
const EXERCISE = 'learn/extend.ts';
const isNamed = (file) => process.argv.some((argument) => argument.endsWith(file));
const isWanted = (file) => process.env.ALL_TESTS || isNamed(file);

/** ESM all the way: swc only strips the types, and Node runs with `--experimental-vm-modules` (see scripts/test.ts). */
export default {
  testMatch: [
    '<rootDir>/{stages,shared,infra,bench,docs,fork,room}/**/*.test.ts',
    ...(isNamed(EXERCISE) ? [`<rootDir>/stages/*/${EXERCISE}`] : []),
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
  testPathIgnorePatterns: ['/node_modules/', '/.run/', ...SLOW.filter((file) => !isWanted(file))],
  modulePathIgnorePatterns: ['<rootDir>/.run/'],
  // Its own choice is a core less: these tests wait for processes and timers more than they compute.
  maxWorkers: '100%',
  // For what hangs; a test that holds a time to be long enough on a free machine fails on a busy one.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/count-reporter.mjs'],
};
