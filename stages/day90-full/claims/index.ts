import type { Claim } from '@day90/bench';
import { findProgram, postgresProgram, versionOf } from '@day90/infra';
import { alert } from './alert.ts';
import { allTogether } from './all-together.ts';
import { autoscale } from './autoscale.ts';
import { demands } from './demands.ts';
import { metricsCost } from './metrics-cost.ts';
import { overload } from './overload.ts';
import { quiet } from './quiet.ts';

const versions = async () => ({
  alertmanager: versionOf(findProgram('prometheus-alertmanager') ?? '', ['--version']) ?? 'none',
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  prometheus: versionOf(findProgram('prometheus') ?? '', ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});

/** What stage 7 says of itself, the headline first. */
export const claims: Claim[] = [allTogether, alert, quiet, autoscale, overload, metricsCost, demands].map((claim) => ({
  ...claim,
  versions,
}));
