import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { BadInput } from '../bad-input.ts';
import { downloadModule } from '../go-build.ts';
import { findGo, requireTool } from '../tools.ts';
import { startApiServer } from './api-server.ts';

/** Kinds that Kubernetes does not have by itself, by the Go module that their definitions come with. */
const DEFINITIONS = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.6.3',
    files: 'config/crd/standard/*_{gateways,gatewayclasses,httproutes}.yaml',
  },
  {
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.30.0',
    files: 'config/crd/bases/postgresql.cnpg.io_clusters.yaml',
  },
];
const OVERLAYS = ['in-cluster', 'managed'];
/** What must be refused, or the server checks nothing. */
const MISSPELT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'misspelt', namespace: 'day90' }, dataa: {} };

/**
 * Hands all manifests to a real API server, each field checked, and each pod by the rules of its namespace.
 * @param onLine - Told what was found.
 * @throws {BadInput} With the server's own words for what it does not take.
 */
export async function verifyManifests(workspace: string, onLine: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-k8s-'));
  try {
    const kubectl = await requireTool('kubectl');
    const server = await startApiServer(folder);
    onLine(`kube-apiserver ${server.version} is up`);
    try {
      const ask = (args: string[], input?: string) =>
        run(kubectl.path, ['--kubeconfig', server.kubeconfig, ...args], input);
      defineKinds(ask, onLine);
      const manifests = withSecrets(workspace, folder);
      for (const overlay of OVERLAYS) {
        const text = run(kubectl.path, ['kustomize', join(manifests, 'overlays', overlay)]);
        checkReferences(text, overlay);
        const taken = ask(['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'], text);
        onLine(`${overlay}: ${taken.trim().split('\n').length} objects taken`);
        checkPods(ask, text);
        onLine(`${overlay}: its pods are within the restricted profile`);
      }
      onLine(`a misspelt field is refused: ${refusal(ask)}`);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ask = (args: string[], input?: string) => string;

/** @throws {BadInput} With what the program said. */
function run(program: string, args: string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  // A warning says that the server takes it, and should not have to.
  if (status !== 0 || (isOurs(args) && stderr.includes('Warning')))
    throw new BadInput(stderr.trim().split('\n').join(' | '));
  return stdout;
}

function isOurs(args: string[]): boolean {
  return args.includes('--validate=strict');
}

function defineKinds(ask: Ask, onLine: (line: string) => void): void {
  const go = findGo('kube-apiserver');
  if (!go)
    throw new BadInput('the definitions of CloudNativePG and the Gateway API come with their Go modules: install Go');
  for (const { module, files } of DEFINITIONS) {
    const { Dir } = downloadModule(go.path, module);
    for (const file of globSync(files, { cwd: Dir })) ask(['apply', '--server-side', '-f', join(Dir, file)]);
    onLine(`kinds of ${module}`);
  }
  ask(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
}

/** A copy of the manifests, with secrets as `infra/README.md` has them made. */
function withSecrets(workspace: string, folder: string): string {
  const copy = join(folder, 'k8s');
  cpSync(join(workspace, 'infra/k8s'), copy, { recursive: true });
  for (const example of globSync('**/*.env.example', { cwd: copy })) {
    const text = readFileSync(join(copy, example), 'utf8');
    const filled = text.replace(/=$/gm, () => `=${randomBytes(32).toString('hex')}`);
    writeFileSync(join(copy, example.replace(/\.example$/, '')), filled);
  }
  return copy;
}

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
function checkReferences(text: string, overlay: string): void {
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
function checkPods(ask: Ask, text: string): void {
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

function refusal(ask: Ask): string {
  try {
    ask(['apply', '--server-side', '--validate=strict', '-f', '-'], JSON.stringify(MISSPELT));
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  throw new BadInput('the server took a field that does not exist: nothing that it took means anything');
}
