import type { Box } from '@day90/infra';
import { postgres, app as stage3App, nginx as stage3Nginx } from 'stage-3/boxes';

const NODES = ['db-1', 'db-2', 'db-3'];

/** The databases, each the same: which of them is the primary lies in their data, and may change. */
export function databases(port: number, { cpu }: { cpu: number }): Box {
  return {
    ...postgres(port),
    run: [
      ...['postgres', '-D', '${data}/${box}', '-p', '${port:self}'],
      ...['-c', 'config_file=${conf}/postgresql.conf', '-c', 'hba_file=${conf}/pg_hba.conf'],
    ],
    files: {
      'base.conf': '../day30-scaleout/postgres/postgresql.conf',
      'base_hba.conf': '../day30-scaleout/postgres/pg_hba.conf',
      'postgresql.conf': '../day45-replicas/postgres/postgresql.conf',
      'pg_hba.conf': '../day45-replicas/postgres/pg_hba.conf',
    },
    prepare: {
      run: ['node', '../day45-replicas/src/cluster/join.ts'],
      env: {
        NODE: '${box}',
        DATA_DIR: '${data}',
        ADDRESSES: NODES.map((name) => `127.0.0.1:\${port:${name}}`).join(','),
        OPERATOR_PASSWORD: '${secret:db-operator}',
      },
    },
    cpu,
    replicas: { count: NODES.length, least: 1, most: NODES.length, kept: true },
  };
}

/** The app boxes of stage 3, which know all databases and not which is which. */
export function app(port: number, size: { count: number; cpu: number }): Box {
  const box = stage3App(port, size);
  const { DATABASE_URL: _one, ...env } = box.env ?? {};
  const urls = NODES.map((name) => `postgres://day90_app:\${secret:db-app}@127.0.0.1:\${port:${name}}/day90`);
  return { ...box, env: { ...env, DATABASE_URLS: urls.join(',') }, after: ['mail', 'cache', 'sessions', 'db'] };
}

export const nginx = stage3Nginx;

/** What a start can choose of the databases: by `--sync` whom a commit waits for, by `--lag` how late replicas are. */
export const databaseOptions = {
  sync: {
    choices: { off: { standbys: '' }, 'any-1': { standbys: 'ANY 1 (*)' } },
    default: 'off',
  },
  lag: {
    choices: { none: { delay: '0' }, '500ms': { delay: '500ms' }, '5s': { delay: '5s' } },
    default: 'none',
  },
};
