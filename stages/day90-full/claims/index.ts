import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { metricsCost } from './metrics-cost.ts';

const versions = async () => ({
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 7 says of itself, the headline first. */
export const claims: Claim[] = [metricsCost].map((claim) => ({ ...claim, versions }));
