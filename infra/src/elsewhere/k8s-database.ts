import { CONTAINER_SECURITY, containerEnv, type KubeObject, labelsOf, POD_SECURITY, TMP } from './k8s-objects.ts';
import { APP_IMAGE } from './k8s-workloads.ts';
import { type Network, secretMark } from './network.ts';

const CLUSTER = 'db';
const POSTGRES = 'ghcr.io/cloudnative-pg/postgresql:18-standard-trixie';
/** Settings of the stage that are the app's concern; of the log, and of who follows whom, the operator takes care. */
const SETTINGS = [
  ...[
    'client_connection_check_interval',
    'shared_buffers',
    'effective_cache_size',
    'work_mem',
    'random_page_cost',
    'jit',
  ],
  ...['max_parallel_workers_per_gather', 'log_lock_waits', 'hot_standby_feedback', 'max_standby_streaming_delay'],
];
/** 20 app pods, each with a pool of 10 and three connections that watch, and the others. */
const MOST_CONNECTIONS = '320';

/** The databases, by CloudNativePG: it makes them, and does the failover that `pnpm failover` does by hand. */
export function database(network: Network): KubeObject[] {
  const nodes = network.boxes.filter(({ of }) => of === CLUSTER);
  const files = Object.values(nodes[0]?.files ?? {}).join('\n');
  const cluster: KubeObject = {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: CLUSTER, labels: labelsOf(CLUSTER) },
    spec: {
      instances: nodes.length,
      imageName: POSTGRES,
      storage: { size: '10Gi' },
      resources: { requests: { cpu: '200m', memory: '512Mi' }, limits: { memory: '1Gi' } },
      bootstrap: {
        initdb: {
          database: 'day90',
          owner: 'day90_owner',
          secret: { name: 'db-role-owner' },
          dataChecksums: true,
          ...{ encoding: 'UTF8', localeProvider: 'builtin', builtinLocale: 'C.UTF-8', locale: 'C' },
        },
      },
      managed: {
        roles: [{ name: 'day90_app', ensure: 'present', login: true, passwordSecret: { name: 'db-role-app' } }],
      },
      postgresql: { parameters: { max_connections: MOST_CONNECTIONS, ...settingsIn(files) } },
    },
  };
  return [cluster, ...nodes.map(({ name, ports }) => nodeService(name, ports.main ?? 0)), migration()];
}

function settingsIn(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => /^(\w+) = '?([^'#]*?)'?\s*(?:#.*)?$/.exec(line));
  const known = lines.flatMap((match) => (match && SETTINGS.includes(match[1] ?? '') ? [[match[1], match[2]]] : []));
  return Object.fromEntries(known);
}

/**
 * Each database under a name of its own, as the app wants them: it finds out itself which one leads, and which ones have seen a
 * reader's own writes. The operator's own services would hide that.
 */
function nodeService(name: string, port: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: labelsOf(CLUSTER) },
    spec: {
      selector: { 'cnpg.io/cluster': CLUSTER, 'cnpg.io/instanceName': name },
      ports: [{ name: 'postgres', port, targetPort: 5432 }],
    },
  };
}

/** Brings the tables to their latest shape. Its name is a new one for a new image, since a job's pod can't be changed. */
function migration(): KubeObject {
  const url = `postgres://day90_owner:${secretMark('db-owner')}@${CLUSTER}-rw:5432/day90`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', labels: labelsOf('migrate') },
    spec: {
      backoffLimit: 20, // it begins before the database is there
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels: labelsOf('migrate') },
        spec: {
          ...POD_SECURITY,
          restartPolicy: 'OnFailure',
          containers: [
            {
              name: 'migrate',
              image: APP_IMAGE,
              workingDir: '/day90/stages/day30-scaleout',
              command: ['node', 'src/migrate.ts'],
              env: containerEnv({ DATABASE_URL: url }),
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
              ...CONTAINER_SECURITY,
              volumeMounts: TMP.mounts,
            },
          ],
          volumes: TMP.volumes,
        },
      },
    },
  };
}
