import { stringify } from 'yaml';
import type { Topology } from '../topology.ts';
import { database } from './k8s-database.ts';
import { front, namespace } from './k8s-front.ts';
import { broughtBox, broughtBoxes, whereOrdered, whereThings } from './k8s-in-cluster.ts';
import type { EnvVar, KubeObject } from './k8s-objects.ts';
import { CLIENTS, policies, wayTo } from './k8s-policies.ts';
import { APP_IMAGE, GIVEN, ourBoxes, workload } from './k8s-workloads.ts';
import { Network } from './network.ts';

const KUSTOMIZATION = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
/** Redis (with TLS, too), a store, a mail server: wherever they are. */
const MANAGED_PORTS = [443, 465, 587, 6379, 6380];

/**
 * The manifests of a topology: what is the same everywhere, and two overlays: all of it in the cluster, and with Redis, store and
 * mails ordered from a cloud.
 * @param folder - The stage's, from the workspace.
 */
export function k8sFiles(topology: Topology, root: string, folder: string): Record<string, string> {
  const network = new Network(topology, `${root}/${folder}`);
  const header = `Made by \`pnpm infra:render\` of ${folder}/src/topology.ts: change that, not this. How it is used: infra/README.md.`;
  const ours = ourBoxes(network);
  const brought = broughtBoxes(network);
  const app = ours[0]?.box;
  const base: Record<string, KubeObject[]> = {
    'namespace.yaml': [namespace()],
    ...Object.fromEntries(ours.map(({ box, count }) => [`${box.of}.yaml`, workload(box, count, folder)])),
    'database.yaml': database(network),
    'gateway.yaml': front({ name: 'app', port: Object.values(app?.ports ?? {})[0] ?? 0 }),
    'network-policies.yaml': policies(),
  };
  const inCluster: Record<string, KubeObject[]> = {
    ...Object.fromEntries(brought.map((box) => [`${box.of}.yaml`, broughtBox(box, folder)])),
    'network-policies.yaml': wayTo('brought', { pods: brought.map(({ of }) => of) }, CLIENTS),
  };
  const clients = ours.map(({ box }) => box);
  const files: Record<string, unknown[]> = {
    ...within('base', base),
    'base/kustomization.yaml': [{ ...KUSTOMIZATION, namespace: 'day90', resources: Object.keys(base) }],
    'secrets/kustomization.yaml': [secretsOf()],
    ...within('overlays/in-cluster', inCluster),
    ...overlay(
      'in-cluster',
      Object.keys(inCluster),
      clients.map((box) => whereThings(box, GIVEN)),
    ),
    ...within('overlays/managed', { 'network-policies.yaml': wayTo('managed', { ports: MANAGED_PORTS }, CLIENTS) }),
    ...overlay(
      'managed',
      ['network-policies.yaml'],
      clients.map((box) => whereOrdered(box, GIVEN)),
      {
        secretGenerator: [{ name: 'addresses', envs: ['addresses.env'] }],
      },
    ),
  };
  const texts = Object.entries(files).map(([path, objects]) => [`infra/k8s/${path}`, asYaml(objects, header)]);
  return {
    ...Object.fromEntries(texts),
    ...examples([...Object.values(base), ...Object.values(inCluster)].flat(), files),
  };
}

function within(folder: string, files: Record<string, KubeObject[]>): Record<string, KubeObject[]> {
  return Object.fromEntries(Object.entries(files).map(([name, objects]) => [`${folder}/${name}`, objects]));
}

function overlay(
  name: string,
  resources: string[],
  patches: KubeObject[],
  more: object = {},
): Record<string, unknown[]> {
  const files = patches.map((patch) => [`overlays/${name}/${patch.metadata.name}.patch.yaml`, [patch]]);
  const kustomization = {
    ...KUSTOMIZATION,
    namespace: 'day90',
    resources: ['../../base', ...resources],
    components: ['../../secrets'],
    patches: patches.map(({ metadata }) => ({ path: `${metadata.name}.patch.yaml` })),
    images: [{ name: APP_IMAGE, newName: 'registry.example/day90-app', newTag: 'latest' }],
    ...more,
  };
  return { ...Object.fromEntries(files), [`overlays/${name}/kustomization.yaml`]: [kustomization] };
}

function secretsOf() {
  const role = (name: string) => ({ name, type: 'kubernetes.io/basic-auth', envs: [`${name}.env`] });
  return {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    secretGenerator: [{ name: 'day90', envs: ['day90.env'] }, role('db-role-app'), role('db-role-owner')],
    // CloudNativePG's Cluster names them, and kustomize does not know where.
    generatorOptions: { disableNameSuffixHash: true },
  };
}

/** As YAML 1.1, which kubectl reads: there `off` is no text unless it is quoted. */
function asYaml(objects: unknown[], header: string): string {
  const documents = objects.map((object) =>
    stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return `# ${header}\n${documents.join('---\n')}`;
}

/** What the secrets are to hold. A line that ends in `=` wants a random value. */
function examples(objects: KubeObject[], files: Record<string, unknown[]>): Record<string, string> {
  const names = new Set<string>();
  const keys = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { secretKeyRef } = value as EnvVar['valueFrom'] & { secretKeyRef?: { name: string; key: string } };
    if (secretKeyRef?.name === 'day90') names.add(secretKeyRef.key);
    if (secretKeyRef?.name === 'addresses') keys.add(secretKeyRef.key);
    Object.values(value).forEach(look);
  };
  look(objects);
  look(files);
  const of = (lines: string[]) => `${lines.join('\n')}\n`;
  return {
    'infra/k8s/secrets/day90.env.example': of([...names].sort().map((name) => `${name}=`)),
    'infra/k8s/secrets/db-role-app.env.example': of(['username=day90_app', 'password=']),
    'infra/k8s/secrets/db-role-owner.env.example': of(['username=day90_owner', 'password=']),
    'infra/k8s/overlays/managed/addresses.env.example': of([...keys].sort().map(exampleAddress)),
  };
}

const ADDRESSES: Record<string, string> = {
  SMTP: 'smtps://mail.example:465',
  IMAGES: 'https://store.example/pictures',
};

function exampleAddress(key: string): string {
  const [what = ''] = key.split('_');
  return `${key}=${ADDRESSES[what] ?? `rediss://${what.toLowerCase()}.example:6379`}`;
}
