import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../bad-input.ts';
import { requireTool } from '../tools.ts';
import { startApiServer } from './api-server.ts';
import { checkPods, checkReferences } from './check-pods.ts';
import { type Ask, defineKinds } from './define-kinds.ts';

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
      await defineKinds(ask, onLine);
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

function refusal(ask: Ask): string {
  try {
    ask(['apply', '--server-side', '--validate=strict', '-f', '-'], JSON.stringify(MISSPELT));
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  throw new BadInput('the server took a field that does not exist: nothing that it took means anything');
}
