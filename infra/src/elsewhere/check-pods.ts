import { parseAllDocuments } from 'yaml';
import { BadInput } from '../bad-input.ts';
import type { Ask } from './define-kinds.ts';

interface Pod {
  volumes?: { name: string }[];
  containers: {
    name: string;
    env?: { name: string; value?: string }[];
    args?: string[];
    volumeMounts?: { name: string }[];
  }[];
}
interface Workload {
  kind: string;
  metadata: { name: string };
  spec?: { template?: { spec: Pod } };
}

function workloads(text: string): { name: string; pod: Pod }[] {
  return parseAllDocuments(text).flatMap((document) => {
    const { kind, metadata, spec } = document.toJS() as Workload;
    return spec?.template ? [{ name: `${kind.toLowerCase()}-${metadata.name}`, pod: spec.template.spec }] : [];
  });
}

/** No server looks at that: a variable within another one is filled in only when it stands ahead of it. */
export function checkReferences(text: string, overlay: string): void {
  for (const { name, pod } of workloads(text)) {
    for (const { env = [], args = [] } of pod.containers) {
      const known = new Set<string>();
      const look = (value = '') => {
        const unknown = [...value.matchAll(/\$\((\w+)\)/g)].map(([, one = '']) => one).find((one) => !known.has(one));
        if (unknown) throw new BadInput(`${overlay}: ${name} uses $(${unknown}), which is not set ahead of it`);
      };
      for (const one of env) {
        look(one.value);
        known.add(one.name);
      }
      args.forEach(look);
    }
  }
}

/** Of a Deployment the rules are only warned about: its pods are what is refused. */
export function checkPods(ask: Ask, text: string): void {
  for (const { name, pod } of workloads(text)) {
    const { volumes = [] } = pod;
    const mounted = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
    // A claim's volume is the controller's to add.
    const claimed = mounted.filter((mount) => !volumes.some((volume) => volume.name === mount));
    const spec = { ...pod, volumes: [...volumes, ...claimed.map((claim) => ({ name: claim, emptyDir: {} }))] };
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'day90' }, spec };
    ask(['create', '--dry-run=server', '--validate=strict', '-f', '-'], JSON.stringify(object));
  }
}
