import { type KubeObject, labelsOf } from './k8s-objects.ts';

const HOST = 'day90.example';

/** The namespace: pods in it have no right that they don't need, or are refused. */
export function namespace(): KubeObject {
  const level = (mode: string) => ({ [`pod-security.kubernetes.io/${mode}`]: 'restricted' });
  const labels = { ...level('enforce'), ...level('audit'), ...level('warn') };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'day90', labels } };
}

/**
 * The door, by the Gateway API. TLS ends in it, and the one proxy that the app believes is this one. The certificate is a secret
 * of type kubernetes.io/tls, `day90-tls`, as cert-manager makes it.
 * @param app - The app's service and port.
 */
export function front(app: { name: string; port: number }): KubeObject[] {
  const gateway = 'day90';
  const parent = (sectionName: string) => [{ name: gateway, sectionName }];
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: gateway, labels: labelsOf('gateway') },
      spec: {
        gatewayClassName: 'day90', // whichever class the cluster has: an overlay's to say
        listeners: [
          { name: 'http', protocol: 'HTTP', port: 80, hostname: HOST },
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            hostname: HOST,
            tls: { mode: 'Terminate', certificateRefs: [{ name: 'day90-tls' }] },
          },
        ],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'to-https', labels: labelsOf('gateway') },
      spec: {
        parentRefs: parent('http'),
        rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: app.name, labels: labelsOf('gateway') },
      spec: {
        parentRefs: parent('https'),
        rules: [{ timeouts: { request: '15s' }, backendRefs: [{ name: app.name, port: app.port }] }],
      },
    },
  ];
}
