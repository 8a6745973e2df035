import type { Rung } from '@day90/bench';

/** One answer of an Express app with the request's context. By name, so that the claim can subtract one from another. */
export const RUNGS = [
  { name: 'public', adds: 'no session anywhere' },
  { name: 'beside', adds: 'sessions on other routes, as in the app' },
  { name: 'get', adds: 'the signature and one GET from Redis' },
  { name: 'memory', adds: 'express-session, sessions in the process' },
  { name: 'stock', adds: 'express-session and connect-redis as they come' },
  { name: 'ours', adds: "express-session and the stage's store" },
] as const satisfies Rung[];

export type RungName = (typeof RUNGS)[number]['name'];
