import type { Box, Topology } from '@day90/infra';

export { data } from './data.ts';

/**
 * What the number of app boxes follows by `start --autoscale`. The bounds are the guide's, for machines of their own; at half
 * a box's usual budget six of them fit on two cores beside all else.
 */
export const scaling = {
  cpu: 0.6,
  budget: 0.1,
  bounds: { least: 3, most: 20 },
  warmUpSeconds: 6,
  coolDownSeconds: 4,
  shrinkAfterSeconds: 30,
} satisfies NonNullable<Box['replicas']>['scaling'];

/** Postgres on the data folder of the instance. */
export function postgres(port: number): Box {
  return {
    role: 'postgres',
    run: [
      ...['postgres', '-D', '${data}/postgres', '-p', '${port:self}'],
      ...['-c', 'config_file=${conf}/postgresql.conf', '-c', 'hba_file=${conf}/pg_hba.conf'],
    ],
    files: { 'postgresql.conf': 'postgres/postgresql.conf', 'pg_hba.conf': 'postgres/pg_hba.conf' },
    port,
    ready: { postgres: true },
    unprivileged: true,
    stopSignal: 'SIGINT', // "fast": open transactions are rolled back; SIGTERM would wait until every client has left
    abortSignal: 'SIGQUIT', // "immediate": only the server itself gives its shared memory back to the machine
  };
}

/** The app boxes, each the same. */
export function app(port: number, { count, cpu }: { count: number; cpu: number }): Box {
  return {
    role: 'app',
    run: ['node', 'src/main.ts'],
    env: {
      BOX: '${box}',
      PORT: '${port:self}',
      DATABASE_URL: 'postgres://day90_app:${secret:db-app}@127.0.0.1:${link:db}/day90',
      CACHE_URL: 'redis://app:${secret:cache}@127.0.0.1:${port:cache}',
      SESSION_URL: 'redis://app:${secret:sessions}@127.0.0.1:${port:sessions}',
      SMTP_URL: 'smtp://127.0.0.1:${port:mail}',
      SESSION_SECRETS: '${secret:session}',
      TRUSTED_PROXIES: '1',
      // What V8 keeps for young objects, in MiB: three boxes at its usual 16 take 150 MB more, for the same work.
      NODE_OPTIONS: '--max-semi-space-size=4',
      // Each thread that has hashed a password would keep the 19 MiB of it, in a heap of its own: 130 MB after some logins.
      MALLOC_ARENA_MAX: '1', // https://man7.org/linux/man-pages/man3/mallopt.3.html (glibc; others pass it over)
    },
    port,
    ready: { http: '/readyz' },
    after: ['mail', 'cache', 'sessions', 'postgres'],
    cpu,
    replicas: {
      ...{ count, least: 1, most: 8 },
      server: 'max_fails=1 fail_timeout=2s',
      firstServer: '${option:balance.first}',
      scaling,
      rollPauseMs: 2500, // nginx looks away for 2 s after a failure: who rolls on sooner leaves it without a box
    },
  };
}

/** How nginx hands requests out: what a start can choose by `--balance`. */
export const balance = {
  choices: {
    'least-conn': { method: 'least_conn;', first: '' },
    'round-robin': { method: '', first: '' },
    weighted: { method: '', first: 'weight=3' },
    'ip-hash': { method: 'ip_hash;', first: '' },
  },
  default: 'least-conn',
} satisfies NonNullable<Topology['options']>[string];

/** nginx in front of the app boxes. */
export function nginx(port: number): Box {
  return {
    role: 'nginx',
    run: ['nginx', '-e', 'stderr', '-p', '${conf}', '-c', 'nginx.conf'],
    files: {
      'nginx.conf': '../day30-scaleout/nginx/nginx.conf',
      'headers.conf': '../day30-scaleout/nginx/headers.conf',
      'visitor.conf': '../day30-scaleout/nginx/visitor.conf',
    },
    port,
    ready: { http: '/openapi.json' },
    after: ['app'],
    reload: 'SIGHUP',
    stopSignal: 'SIGQUIT', // answers what it has begun
    stopTimeoutMs: 3000, // and no longer: the boxes behind it are about to end
  };
}
