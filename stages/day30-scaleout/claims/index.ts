import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { nginx } from './nginx.ts';
import { oneBoxDies } from './one-box-dies.ts';
import { scaleOut } from './scale-out.ts';
import { weights } from './weights.ts';

const versions = async () => ({
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 3 says of itself, the headline first. */
export const claims: Claim[] = [scaleOut, nginx, weights, oneBoxDies].map((claim) => ({ ...claim, versions }));
