import type { K6Claim } from '@day90/bench';

/** What the step costs while there is no load that would need it. */
export const hop: K6Claim = {
  kind: 'k6',
  id: 'hop',
  title: 'What the step costs: at low load an answer passes nginx, and its queries leave the process',
  proves: [],
  script: 'claims/hop.load.ts',
  blockSeconds: 1,
  arms: {
    before: {
      label: 'stage-2',
      topology: '../day15-cache/src/topology.ts',
      box: 'app',
      boxes: ['app', 'cache'],
      free: true,
    },
    after: {
      label: 'stage-3',
      topology: 'src/topology.ts',
      box: 'app',
      boxes: ['nginx', 'app', 'cache', 'sessions', 'postgres'],
      free: true,
    },
  },
  metrics: [
    { from: 'http_req_duration', metric: 'response time, p50 per block' },
    { from: 'app_ms', metric: 'time in the app, p50 per block' },
    { from: 'cpu', metric: 'CPU of all boxes for a request' },
  ],
};
