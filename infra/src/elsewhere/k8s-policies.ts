import { type KubeObject, labelsOf } from './k8s-objects.ts';

interface Rule {
  from?: object[];
  to?: object[];
  ports?: object[];
}

const DATABASES = { podSelector: { matchLabels: { 'cnpg.io/cluster': 'db' } } };
/** Which namespaces hold the gateway's proxies, or Prometheus, is the cluster's to say: they get this label. */
const LET_IN = { namespaceSelector: { matchLabels: { 'day90.example/let-in': 'true' } } };
const tcp = (...ports: (number | string)[]) => ports.map((port) => ({ protocol: 'TCP', port }));
const pods = (...names: string[]) => names.map((name) => ({ podSelector: { matchLabels: labelsOf(name) } }));

function policy(
  name: string,
  podSelector: object,
  { ingress, egress }: { ingress?: Rule[]; egress?: Rule[] },
): KubeObject {
  const policyTypes = [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels: labelsOf('policies') },
    spec: { podSelector, policyTypes, ...(ingress && { ingress }), ...(egress && { egress }) },
  };
}

/** Nobody reaches anybody, but for what is named here. Whoever brings a Redis or a store brings the way there. */
export function policies(): KubeObject[] {
  const dns = { to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)] };
  const ours = { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...CLIENTS] }] };
  return [
    policy('nobody-by-default', {}, { ingress: [], egress: [dns] }),
    policy('visitors-to-app', { matchLabels: labelsOf('app') }, { ingress: [{ from: [LET_IN], ports: tcp('box') }] }),
    policy(
      'metrics',
      { matchLabels: { 'app.kubernetes.io/part-of': 'day90' } },
      { ingress: [{ from: [LET_IN], ports: tcp('metrics') }] },
    ),
    policy('to-databases', ours, { egress: [{ to: [DATABASES], ports: tcp(5432) }] }),
    // Of each other, the operator of all (its status port), and all of the API server, in which they note who leads.
    policy('databases', DATABASES.podSelector, {
      ingress: [
        { from: [DATABASES, ...pods(...CLIENTS)], ports: tcp(5432) },
        { from: [{ namespaceSelector: {} }], ports: tcp(8000, 5432) },
        { from: [LET_IN], ports: tcp(9187) },
      ],
      egress: [{ to: [DATABASES], ports: tcp(5432, 8000) }, { ports: tcp(443, 6443) }],
    }),
  ];
}

/** Who asks the databases. */
export const CLIENTS = ['app', 'worker', 'relay', 'board', 'migrate'];

/** Lets our boxes reach something: in the namespace by its pods, outside of it by its port. */
export function wayTo(name: string, to: { pods: string[] } | { ports: number[] }, from: string[]): KubeObject[] {
  const ours = { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: from }] };
  if ('ports' in to) return [policy(`to-${name}`, ours, { egress: [{ ports: tcp(...to.ports) }] })];
  const there = { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: to.pods }] };
  return [
    policy(`to-${name}`, ours, { egress: [{ to: [{ podSelector: there }] }] }),
    policy(name, there, { ingress: [{ from: [{ podSelector: ours }] }] }),
  ];
}
