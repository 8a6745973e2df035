import type { ArmSource, K6Claim } from '@day90/bench';

const stage1: ArmSource = { label: 'stage-1', topology: '../day1-sqlite/src/topology.ts', box: 'app' };
const stage2: ArmSource = { label: 'stage-2', topology: 'src/topology.ts', box: 'app' };
const index: ArmSource = {
  label: 'stage-1, index on views',
  topology: 'claims/index-on-views/topology.ts',
  box: 'app',
};

/** The popular page of a million posts, from the database and from the cache. */
export const popular: K6Claim = {
  kind: 'k6',
  id: 'popular',
  title: 'A cache instead of a scan: the popular page among a million posts is one GET from Redis',
  proves: ['C5', 'C6'],
  scale: 'full',
  script: 'load.ts',
  blockSeconds: 2,
  arms: { before: stage1, after: stage2 },
  metrics: [
    { from: 'http_req_duration', metric: 'response time, p50 per block', goal: { op: '>=', value: 50 } },
    { from: 'app_ms', metric: 'time in the app, p50 per block' },
    { from: 'cpu', metric: 'CPU of the app for a request' },
  ],
  queries: { before: 1, after: 0 },
};

/** The same page without a cache, by an index that stage 1 does without. What that index costs the writes is the claim `views-tax`. */
export const indexInstead: K6Claim = {
  kind: 'k6',
  id: 'index-instead',
  title: 'An index on views instead of the cache: the popular page is fast without Redis, too',
  proves: ['C6'],
  scale: 'full',
  script: 'claims/index-instead.load.ts',
  blockSeconds: 1,
  arms: { before: index, after: stage2 },
  metrics: [
    { from: 'http_req_duration', metric: 'response time, p50 per block' },
    { from: 'app_ms', metric: 'time in the app, p50 per block' },
    { from: 'cpu', metric: 'CPU of the app for a request' },
  ],
  queries: { before: 1, after: 0 },
};
