import { autoscaler } from './k8s-autoscaler.ts';
import {
  CONTAINER_SECURITY,
  containerEnv,
  containerPorts,
  type EnvVar,
  type KubeObject,
  labelsOf,
  POD_SECURITY,
  serviceOf,
  TMP,
} from './k8s-objects.ts';
import type { Network, NetworkBox } from './network.ts';

/** The image that the overlays give a registry and a digest. */
export const APP_IMAGE = 'day90-app';
/** Boxes of ours that run anywhere. What stands in front of them, and what they stand on, is had there in another way. */
const OURS = ['app', 'worker', 'relay', 'board'];
/** Variables that say where something is that an overlay brings, or somebody else runs. */
export const GIVEN = ['CACHE_URL', 'SESSION_URL', 'QUEUE_URL', 'IMAGES_URL', 'SMTP_URL'];

const SECONDS = {
  /** Until proxies have heard that a pod goes, which they do while it is told to end, and not before. */
  drain: 5,
  /** With the requests that are under way then. */
  grace: 20,
};
/** What is true there and not on one machine. */
const THERE: Record<string, Record<string, string>> = {
  app: {
    PUBLIC_URL: 'https://day90.example',
    DRAIN_MS: String(SECONDS.drain * 1000),
    EDGE_MOST_SECONDS: '10', // nobody tells a CDN of a change: it has to ask by itself
  },
};
/** There are no edges to tell. */
const NOT_THERE = ['EDGE_URLS', 'BOX'];

/** The first of each of our boxes, and how many there are. */
export function ourBoxes(network: Network): { box: NetworkBox; count: number }[] {
  return OURS.map((of) => {
    const all = network.boxes.filter((box) => box.of === of);
    return { box: all[0] as NetworkBox, count: all.length };
  });
}

/** The variables of a box there, but for those that say where things are. */
function envThere({ of, env }: NetworkBox): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !GIVEN.includes(name) && !NOT_THERE.includes(name));
  return { ...Object.fromEntries(kept), HOST: '0.0.0.0', ...THERE[of] };
}

/** Deployment, service and disruption budget of a box of ours. */
export function workload(box: NetworkBox, count: number, folder: string): KubeObject[] {
  const { of } = box;
  const scaling = box.box.replicas?.scaling;
  const own: EnvVar = { name: 'BOX', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: of, labels: labelsOf(of) },
    spec: {
      ...(!scaling && { replicas: count }), // else the autoscaler's, which `apply` must not set back
      selector: { matchLabels: labelsOf(of) },
      template: {
        metadata: { labels: labelsOf(of) },
        spec: {
          ...POD_SECURITY,
          terminationGracePeriodSeconds: SECONDS.grace,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labelsOf(of) },
            },
          ],
          containers: [
            {
              name: of,
              image: APP_IMAGE,
              workingDir: `/day90/${folder}`,
              command: box.argv,
              env: [own, ...containerEnv(envThere(box))],
              ports: containerPorts(box.ports),
              ...probesOf(box),
              resources: resourcesOf(box),
              ...CONTAINER_SECURITY,
              volumeMounts: TMP.mounts,
            },
          ],
          volumes: TMP.volumes,
        },
      },
    },
  };
  return [
    deployment,
    serviceOf(box),
    ...(count > 1 ? [budgetOf(of)] : []),
    ...(scaling ? [autoscaler(of, scaling)] : []),
  ];
}

/** As the launcher's: CPU as a share to count on. No limit: a process that starts, or has a rush to answer, may take what is free. */
function resourcesOf({ box }: NetworkBox) {
  const cpu = `${Math.round((box.cpu ?? 0.05) * 1000)}m`;
  return { requests: { cpu, memory: '160Mi' }, limits: { memory: '384Mi' } };
}

function probesOf({ box }: NetworkBox) {
  if (!box.ready || !('http' in box.ready)) return {};
  const get = (path: string) => ({ httpGet: { path, port: 'box' }, timeoutSeconds: 2 });
  return {
    startupProbe: { ...get('/livez'), periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...get(box.ready.http), periodSeconds: 2, failureThreshold: 2 },
    livenessProbe: { ...get('/livez'), periodSeconds: 10, failureThreshold: 3 },
  };
}

function budgetOf(name: string): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, labels: labelsOf(name) },
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(name) } },
  };
}
