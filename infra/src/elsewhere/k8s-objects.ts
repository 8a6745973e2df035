import { secretVariable } from './compose-file.ts';
import { type NetworkBox, SECRET } from './network.ts';

/** An object of a manifest. What is allowed in it a real API server says: `pnpm infra:verify`. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

/** A variable of a container. */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: object;
}

/** Passwords that CloudNativePG reads, too, which wants each in a secret of its own. */
const ROLES: Record<string, string> = { 'db-app': 'db-role-app', 'db-owner': 'db-role-owner' };

/** How all of a box's objects, and no others, are found. */
export function labelsOf(box: string): Record<string, string> {
  return { 'app.kubernetes.io/name': box, 'app.kubernetes.io/part-of': 'day90' };
}

/** The secrets that texts ask for, once each. */
export function secretsIn(texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(SECRET)].map(([, name = '']) => name)))].sort();
}

/** Variables with the secrets in them: each is one itself, ahead of those that are made of it. */
export function containerEnv(env: Record<string, string>, alsoIn: string[] = []): EnvVar[] {
  const own = secretsIn([...Object.values(env), ...alsoIn]).map((secret) => ({
    name: secretVariable(secret),
    valueFrom: {
      secretKeyRef: ROLES[secret]
        ? { name: ROLES[secret], key: 'password' }
        : { name: 'day90', key: secretVariable(secret) },
    },
  }));
  const values = Object.entries(env).map(([name, value]) => ({ name, value: withSecrets(value) }));
  return [...own, ...values];
}

/** https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
export function withSecrets(text: string): string {
  return text.replaceAll('$', '$$$$').replace(SECRET, (_, name: string) => `$(${secretVariable(name)})`);
}

/** What the restricted profile asks of a pod, and a root file system that nobody writes to. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const POD_SECURITY = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};
export const CONTAINER_SECURITY = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
};
export const TMP = { volumes: [{ name: 'tmp', emptyDir: {} }], mounts: [{ name: 'tmp', mountPath: '/tmp' }] };

/** A service under the box's name, on its ports. */
export function serviceOf({ of, ports }: Pick<NetworkBox, 'of' | 'ports'>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: of, labels: labelsOf(of) },
    spec: {
      selector: labelsOf(of),
      ports: Object.entries(ports).map(([name, port]) => ({ name: portName(name), port, targetPort: portName(name) })),
    },
  };
}

/** Ports of a container, by name. */
export function containerPorts(ports: Record<string, number>) {
  return Object.entries(ports).map(([name, port]) => ({ name: portName(name), containerPort: port }));
}

export function portName(name: string): string {
  return name === 'main' ? 'box' : name;
}
