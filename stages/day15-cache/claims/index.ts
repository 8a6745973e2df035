import type { Claim } from '@day90/bench';
import { findProgram, versionOf } from '@day90/infra';
import { ladder } from './ladder.ts';

const versions = async () => ({ redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none' });

/** What stage 2 says of itself, the headline first. */
export const claims: Claim[] = [ladder].map((claim) => ({ ...claim, versions }));
