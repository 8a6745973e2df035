import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { planCost } from './plan-cost.ts';

const versions = async () => ({
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
});

/** What stage 3 says of itself, the headline first. */
export const claims: Claim[] = [planCost].map((claim) => ({ ...claim, versions }));
