import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { demands } from './demands.ts';
import { ownWrites } from './own-writes.ts';
import { reads } from './reads.ts';
import { shardedClaims } from './sharded/index.ts';

const versions = async () => ({
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 4 says of itself, the headline first. */
export const claims: Claim[] = [reads, ownWrites, ...shardedClaims, demands].map((claim) => ({ ...claim, versions }));
