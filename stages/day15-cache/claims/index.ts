import type { Claim } from '@day90/bench';
import { findProgram, versionOf } from '@day90/infra';
import { demands } from './demands.ts';
import { ladder } from './ladder.ts';
import { originLoad } from './origin-load.ts';
import { indexInstead, popular } from './popular.ts';
import { redisDown } from './redis-down.ts';
import { stampede } from './stampede.ts';
import { viewsTax } from './views-tax.ts';

const versions = async () => ({ redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none' });

/** What stage 2 says of itself, the headline first. */
export const claims: Claim[] = [popular, indexInstead, viewsTax, originLoad, stampede, redisDown, ladder, demands].map(
  (claim) => ({
    ...claim,
    versions,
  }),
);
