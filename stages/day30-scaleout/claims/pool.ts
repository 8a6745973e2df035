import type { ArmSource, K6Claim } from '@day90/bench';

/** All boxes run free: at their budgets, only the time in line would be told. */
const free: Pick<ArmSource, 'box' | 'boxes' | 'replicas' | 'free'> = {
  box: 'app',
  boxes: ['app', 'postgres'],
  replicas: { app: 1 },
  free: true,
};

/** The same query on a connection made for it, and on one of those that are kept. */
export const pool: K6Claim = {
  kind: 'k6',
  id: 'pool',
  title: 'A pool instead of a connection for each request: to connect costs more than a cheap query',
  proves: ['C4'],
  script: 'claims/pool.load.ts',
  blockSeconds: 1,
  arms: {
    before: { label: 'a connection for each request', topology: 'claims/pool/topology.ts', ...free },
    after: { label: 'stage-3, a pool', topology: 'src/topology.ts', ...free },
  },
  metrics: [
    { from: 'http_req_duration', metric: 'response time, p50 per block', goal: { op: '>=', value: 2 } },
    { from: 'cpu', metric: 'CPU of app and Postgres for a request', goal: { op: '>=', value: 2 } },
    { from: 'db_ms', metric: 'time for the database, p50 per block' },
  ],
  queries: { before: 1, after: 1 },
};
