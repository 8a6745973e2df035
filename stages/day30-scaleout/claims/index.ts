import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { demands } from './demands.ts';
import { hop } from './hop.ts';
import { nPlusOne } from './n-plus-one.ts';
import { nginx } from './nginx.ts';
import { oneBoxDies } from './one-box-dies.ts';
import { planCost } from './plan-cost.ts';
import { pool } from './pool.ts';
import { prediction } from './prediction.ts';
import { scaleOut } from './scale-out.ts';
import { sessions } from './sessions.ts';
import { weights } from './weights.ts';

const versions = async () => ({
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 3 says of itself, the headline first. */
export const claims: Claim[] = [
  scaleOut,
  nginx,
  weights,
  oneBoxDies,
  sessions,
  nPlusOne,
  planCost,
  pool,
  hop,
  demands,
  prediction,
].map((claim) => ({ ...claim, versions }));
