import { globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from '../bad-input.ts';
import { downloadModule } from '../go-build.ts';
import { findGo } from '../tools.ts';

/** Runs kubectl on a server, and returns what it said. */
export type Ask = (args: string[], input?: string) => string;

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
const WITHIN_MS = 60_000;
const LOOK_MS = 250;

/**
 * Tells the server of the kinds that it does not know.
 * @throws {BadInput} Without Go, which gets their definitions.
 */
export async function defineKinds(ask: Ask, onLine: (line: string) => void): Promise<void> {
  const go = findGo('kube-apiserver');
  if (!go)
    throw new BadInput('the definitions of CloudNativePG and the Gateway API come with their Go modules: install Go');
  for (const { module, files } of DEFINITIONS) {
    const { Dir } = downloadModule(go.path, module);
    for (const file of globSync(files, { cwd: Dir })) ask(['apply', '--server-side', '-f', join(Dir, file)]);
    onLine(`kinds of ${module}`);
  }
  // `kubectl wait` fails at one that has no status yet, which is what it is to wait for.
  for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(LOOK_MS)) {
    if (areServed(ask(['get', 'crd', '-o', 'json']))) return;
  }
  throw new BadInput('the server does not serve the kinds that it was told of');
}

function areServed(list: string): boolean {
  const { items }: { items: { status?: { conditions?: { type: string; status: string }[] } }[] } = JSON.parse(list);
  return items.every(({ status }) =>
    (status?.conditions ?? []).some((condition) => condition.type === 'Established' && condition.status === 'True'),
  );
}
