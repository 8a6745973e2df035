import { commandOf } from './compose-service.ts';
import { imageOf } from './images.ts';
import {
  CONTAINER_SECURITY,
  containerEnv,
  containerPorts,
  type KubeObject,
  labelsOf,
  POD_SECURITY,
  portName,
  secretsIn,
  serviceOf,
  TMP,
  withSecrets,
} from './k8s-objects.ts';
import { APP_IMAGE } from './k8s-workloads.ts';
import { CONF, DATA, type Network, type NetworkBox, SECRET } from './network.ts';

/** What a cloud has as a service, and a cluster of one's own has not: three Redis, a store of pictures, and what takes mails. */
const BROUGHT = ['cache', 'sessions', 'queue', 's3', 'mail'];

/** Those of them that a topology has. */
export function broughtBoxes(network: Network): NetworkBox[] {
  return network.boxes.filter(({ of }) => BROUGHT.includes(of));
}

/** A box that somebody else's image runs, or one that stands in for a server: one pod, which keeps what it writes. */
export function broughtBox(box: NetworkBox, folder: string): KubeObject[] {
  const { of } = box;
  const texts = Object.entries(box.files);
  const configs: KubeObject[] =
    texts.length === 0
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: of, labels: labelsOf(of) },
            data: Object.fromEntries(texts.map(([file, text]) => [file, openLines(text)])),
          },
        ];
  const spec = podOf(box, folder, configs.length > 0);
  const set: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: of, labels: labelsOf(of) },
    spec: {
      serviceName: of,
      replicas: 1,
      selector: { matchLabels: labelsOf(of) },
      template: { metadata: { labels: labelsOf(of) }, spec },
      ...(box.hasData && { volumeClaimTemplates: [claim()] }),
    },
  };
  return [...configs, set, serviceOf(box)];
}

function podOf(box: NetworkBox, folder: string, hasConfig: boolean) {
  const { of, argv, env, files, hasData } = box;
  const found = imageOf(argv[0] ?? '', of);
  const { entrypoint = [], command = [] } = commandOf(box);
  const secretLines = Object.values(files).flatMap(linesWithSecrets);
  const isSink = 'target' in found;
  return {
    ...POD_SECURITY,
    containers: [
      {
        name: of,
        image: isSink ? APP_IMAGE : found.image,
        ...(isSink && { workingDir: `/day90/${folder}` }),
        command: entrypoint,
        args: [...command, ...secretLines.flatMap(asArguments)].map(withSecrets),
        env: containerEnv(isSink ? { ...env, HOST: '0.0.0.0', HOST_NAME: of } : env, secretLines),
        ports: containerPorts(box.ports),
        readinessProbe: { tcpSocket: { port: portName(Object.keys(box.ports)[0] ?? '') }, periodSeconds: 5 },
        resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '192Mi' } },
        ...CONTAINER_SECURITY,
        volumeMounts: [
          ...TMP.mounts,
          ...(hasConfig ? [{ name: 'config', mountPath: CONF }] : []),
          ...(hasData ? [{ name: 'data', mountPath: DATA }] : []),
        ],
      },
    ],
    volumes: [...TMP.volumes, ...(hasConfig ? [{ name: 'config', configMap: { name: of } }] : [])],
  };
}

function claim() {
  return {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
}

/** A file without its secrets, which a ConfigMap must not hold: Redis takes the lines they stand in as arguments, too. */
function openLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => secretsIn([line]).length === 0 && !/^\s*#/.test(line))
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
    .concat('\n');
}

function linesWithSecrets(text: string): string[] {
  return text.split('\n').filter((line) => line.search(SECRET) >= 0);
}

/** https://redis.io/docs/latest/operate/oss_and_stack/management/config/#passing-arguments-via-the-command-line */
function asArguments(line: string): string[] {
  const [directive, ...words] = line.split(' ');
  return [`--${directive}`, ...words];
}

/** Where our boxes find them, as a patch of a Deployment. */
export function whereThings(box: NetworkBox, given: string[]): KubeObject {
  const env = Object.fromEntries(Object.entries(box.env).filter(([name]) => given.includes(name)));
  return patch(box.of, containerEnv(env));
}

/** The same, of addresses that only whoever has ordered them knows. */
export function whereOrdered(box: NetworkBox, given: string[]): KubeObject {
  const names = Object.keys(box.env).filter((name) => given.includes(name));
  return patch(
    box.of,
    names.map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: 'addresses', key: `${name}${keyOf(box, name)}` } },
    })),
  );
}

/** The board has a user of its own in the queue, who may look and do no more. */
function keyOf({ of }: NetworkBox, name: string): string {
  return of === 'board' && name === 'QUEUE_URL' ? '_OF_BOARD' : '';
}

function patch(name: string, env: object[]): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: { containers: [{ name, env }] } } },
  };
}
