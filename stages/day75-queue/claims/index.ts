import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { demands } from './demands.ts';
import { enqueue } from './enqueue.ts';
import { isolation } from './isolation.ts';
import { mail } from './mail.ts';
import { nothingLost } from './nothing-lost.ts';
import { signup } from './signup.ts';

const versions = async () => ({
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 6 says of itself, the headline first. */
export const claims: Claim[] = [signup, mail, nothingLost, isolation, enqueue, demands].map((claim) => ({
  ...claim,
  versions,
}));
