import { fileURLToPath } from 'node:url';
import { type Instance, launch, secrets, workspaceRoot } from '@day90/infra';
import { asOperator } from '../src/cluster/operator.ts';
import { topology } from './cluster-topology.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
let started = 0;

/** The stage's databases alone, on free ports and throw-away data. */
export interface ClusterRig {
  instance: Instance;
  /** Of the app, in the order of the nodes. */
  urls: string[];
  /** Asks a node something as the operator. */
  ask<Row extends object>(node: string, sql: string, values?: unknown[]): Promise<Row[]>;
  portOf(node: string): number;
  stop(): Promise<void>;
}

export async function startCluster(
  options: Record<string, string> = {},
  more: { instance?: string; throwAway?: boolean } = {},
): Promise<ClusterRig> {
  started += 1;
  const instance = await launch(topology, {
    ...{ folder: FOLDER, scale: 'small', ports: 'free', quiet: true, throwAway: true, budgets: false },
    ...{ instance: `test-cluster-${process.pid}-${started}`, options, onProgress: () => {} },
    ...more,
  });
  const { 'db-app': app = '', 'db-operator': operatorPassword = '' } = await secrets(workspaceRoot(FOLDER), [
    'db-app',
    'db-operator',
  ]);
  const portOf = (node: string) => instance.box(node).port as number;
  return {
    instance,
    urls: instance.boxesOf('db').map((node) => `postgres://day90_app:${app}@127.0.0.1:${portOf(node)}/day90`),
    portOf,
    ask: (node, sql, values = []) =>
      asOperator({ port: portOf(node), operatorPassword }, async (client) => (await client.query(sql, values)).rows),
    stop: () => instance.stop(),
  };
}
