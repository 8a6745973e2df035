import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { demands } from './demands.ts';
import { distance } from './distance.ts';
import { hitCost } from './hit-cost.ts';
import { originDown } from './origin-down.ts';
import { originOffload } from './origin-offload.ts';
import { privatePages } from './private.ts';
import { purge } from './purge.ts';

const versions = async () => ({
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
  varnish: versionOf(findProgram('varnishd') ?? '', ['-V']) ?? 'none',
});

/** What stage 5 says of itself, the headline first. */
export const claims: Claim[] = [distance, originOffload, purge, privatePages, originDown, hitCost, demands].map(
  (claim) => ({
    ...claim,
    versions,
  }),
);
