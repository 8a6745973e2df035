import type { ArmSource, K6Claim } from '@day90/bench';

/** One box is enough, and it runs free: the time is spent on the way. */
const far: Pick<ArmSource, 'box' | 'boxes' | 'options' | 'replicas' | 'free'> = {
  box: 'app',
  boxes: ['app', 'postgres'],
  options: { 'db-rtt': '10ms' },
  replicas: { app: 1 },
  free: true,
};

/** Stage 1's feed again, with the database across a network. */
export const nPlusOne: K6Claim = {
  kind: 'k6',
  id: 'n+1-over-a-network',
  title: 'The same JOIN with the database 10 ms away: a query for each author is a round trip for each author',
  proves: ['C1', 'T1'],
  script: 'claims/n-plus-one.load.ts',
  blockSeconds: 2, // the first naive answer of a run comes after more than one
  arms: {
    before: { label: 'stage-3 with N+1', topology: 'claims/n-plus-one/topology.ts', ...far },
    after: { label: 'stage-3', topology: 'src/topology.ts', ...far },
  },
  metrics: [
    { from: 'http_req_duration', metric: 'response time, p50 per block', goal: { op: '>=', value: 60 } },
    { from: 'db_ms', metric: 'time for the database and the way to it, p50 per block' },
    { from: 'cpu', metric: 'CPU of app and Postgres for a request' },
  ],
  queries: { before: 101, after: 1 },
};
