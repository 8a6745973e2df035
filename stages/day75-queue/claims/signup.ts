import type { ArmSource, K6Claim } from '@day90/bench';

/** One app box with as much CPU as it likes: at its budget of a fifth of a core, hashing would be all that shows. */
const alone: Pick<ArmSource, 'box' | 'replicas' | 'free'> = { box: 'app', replicas: { app: 1 }, free: true };

/** Signing up with mail and recommendations in the request, and with both in the outbox. */
export const signup: K6Claim = {
  kind: 'k6',
  id: 'signup',
  title: 'Who signs up waits for the account, and no more for a mail server that takes two seconds',
  proves: ['C21'],
  script: 'claims/signup.load.ts',
  blockSeconds: 6,
  arms: {
    before: { label: 'stage-5', topology: '../day60-cdn/src/topology.ts', ...alone },
    after: { label: 'stage-6', topology: 'src/topology.ts', ...alone },
  },
  metrics: [
    {
      from: 'http_req_duration',
      quantile: 0.95,
      metric: 'response time of a sign-up, p95 per block',
      goal: { op: '>=', value: 30 },
    },
    { from: 'http_req_duration', metric: 'response time of a sign-up, p50 per block' },
    { from: 'cpu', metric: 'CPU of the app for a sign-up' },
  ],
  raised: { SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '1000000' },
};
