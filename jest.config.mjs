/** ESM all the way: swc only strips the types, and Node runs with `--experimental-vm-modules` (see scripts/test.ts). */
export default {
  testMatch: ['<rootDir>/{stages,shared,infra,bench}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
  testPathIgnorePatterns: ['/node_modules/', '/.run/'],
  modulePathIgnorePatterns: ['<rootDir>/.run/'],
  // Its own choice is a core less: these tests wait for processes and timers more than they compute.
  maxWorkers: '100%',
  // For what hangs; a test that holds a time to be long enough on a free machine fails on a busy one.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/count-reporter.mjs'],
};
