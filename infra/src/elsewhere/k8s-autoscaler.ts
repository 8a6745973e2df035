import type { Scaling } from '../topology-schema.ts';
import { type KubeObject, labelsOf } from './k8s-objects.ts';

/** The launcher's rule, as far as a cluster without more metrics than CPU knows it. */
export function autoscaler(name: string, { bounds, cpu, coolDownSeconds, shrinkAfterSeconds }: Scaling): KubeObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, labels: labelsOf(name) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: bounds.least,
      maxReplicas: bounds.most,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: Math.round(cpu * 100) } },
        },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: coolDownSeconds },
        scaleDown: {
          stabilizationWindowSeconds: shrinkAfterSeconds * 10, // a pod elsewhere takes a minute to come back, not a second
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
      },
    },
  };
}
