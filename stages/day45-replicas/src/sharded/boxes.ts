import type { Box } from '@day90/infra';
import { app, nginx } from 'stage-3';
import { FIRST_SHARDS, MOST_SHARDS } from './shard-data.ts';

/** The shards: each a Postgres of its own, in a data folder of its own, with the settings of stage 3. */
export function shards(port: number): Box {
  return {
    role: 'shard',
    run: [
      ...['postgres', '-D', '${data}/${box}', '-p', '${port:self}'],
      ...['-c', 'config_file=${conf}/postgresql.conf', '-c', 'hba_file=${conf}/pg_hba.conf'],
    ],
    files: {
      'postgresql.conf': '../day30-scaleout/postgres/postgresql.conf',
      'pg_hba.conf': '../day30-scaleout/postgres/pg_hba.conf',
    },
    port,
    ready: { postgres: true },
    unprivileged: true,
    stopSignal: 'SIGINT',
    replicas: { count: FIRST_SHARDS, least: FIRST_SHARDS, most: MOST_SHARDS, kept: true },
  };
}

/** The app boxes of stage 3, which know where every shard is, or would be. */
export function shardedApp(port: number, size: { count: number; cpu: number }): Box {
  const box = app(port, size);
  const { DATABASE_URL: _one, ...env } = box.env ?? {};
  const urls = Array.from(
    { length: MOST_SHARDS },
    (_, i) => `postgres://day90_app:\${secret:db-app}@127.0.0.1:\${port:shard-${i + 1}}/day90`,
  );
  return {
    ...box,
    run: ['node', 'src/sharded/main.ts'],
    env: { ...env, SHARD_URLS: urls.join(','), ID_WORKER: '${box}' },
    after: ['mail', 'cache', 'sessions', 'shard'],
  };
}

/** nginx of stage 3. */
export function shardedNginx(port: number): Box {
  const box = nginx(port);
  const files = Object.entries(box.files ?? {}).map(([name, file]) => [name, `../day30-scaleout/${file}`]);
  return { ...box, files: Object.fromEntries(files) };
}
