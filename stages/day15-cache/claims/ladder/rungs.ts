import type { Rung } from '@day90/bench';

/** From the bare floor to the whole app. */
export const RUNGS: Rung[] = [
  { name: 'bare', adds: 'node:http and the same GET from Redis' },
  { name: 'express', adds: 'Express' },
  { name: 'route', adds: 'the cache as the app has it, and the answer with its ETag' },
  { name: 'context', adds: 'context, request id, Server-Timing', goal: { op: '>=', value: 0.5 } },
  { name: 'headers', adds: 'security headers' },
  { name: 'log', adds: 'access log' },
  {
    name: 'shipped',
    adds: 'the whole app: origin check, all routes, drain',
    goal: { op: '>=', value: 0.25 },
  },
];
