import type { Rig } from '@day90/bench/drill';
import { secrets, workspaceRoot } from '@day90/infra';
import { asOperator } from '../src/cluster/operator.ts';

/** Asks or tells a node of a drill's stage something that the app may not. */
export async function askNode<Row extends object>(rig: Rig, node: string, sql: string): Promise<Row[]> {
  const { 'db-operator': operatorPassword = '' } = await secrets(workspaceRoot(import.meta.dirname), ['db-operator']);
  const access = { port: rig.instance.box(node).port as number, operatorPassword };
  return asOperator(access, async (client) => (await client.query<Row>(sql)).rows);
}

/** Which nodes take writes, of those that answer. */
export async function leadersOf(rig: Rig): Promise<string[]> {
  const nodes = rig.instance.boxesOf('db');
  const standby = await Promise.all(
    nodes.map((node) =>
      askNode<{ standby: boolean }>(rig, node, 'SELECT pg_is_in_recovery() AS standby').then(
        ([row]) => row?.standby,
        () => undefined,
      ),
    ),
  );
  return nodes.filter((_, i) => standby[i] === false);
}
