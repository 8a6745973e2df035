import { findProgram, postgresProgram, versionOf } from '@day90/infra';

/** What does the work here, as results name it. */
export const versions = async () => ({
  alertmanager: versionOf(findProgram('prometheus-alertmanager') ?? '', ['--version']) ?? 'none',
  nginx: versionOf(findProgram('nginx') ?? '', ['-v']) ?? 'none',
  postgres: versionOf(postgresProgram('postgres'), ['--version']) ?? 'none',
  prometheus: versionOf(findProgram('prometheus') ?? '', ['--version']) ?? 'none',
  redis: versionOf(findProgram('redis-server') ?? '', ['--version']) ?? 'none',
});
