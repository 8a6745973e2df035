import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '@day90/bench/drill';
import { workspaceRoot } from '@day90/infra';
import { failover } from '../src/cluster/failover.ts';
import { RunningCluster } from '../src/cluster/nodes.ts';
import { askNode } from './as-operator.ts';
import { LeaderWatch } from './leader-watch.ts';

const OLD = 'db-1';
const FOLLOW_MS = 10_000;

/** A replica that loses its primary, and how long all goes on so, in milliseconds. */
export interface Cut {
  node: string;
  forMs: number;
}

/**
 * The worst moment: the replicas lose their primary, one after the other, and it goes on; then it dies, and a failover follows.
 * @param to - The node that is to lead, whatever it has; the one with the most of the log unless told.
 */
export async function losePrimary(rig: Rig, cuts: readonly Cut[], to?: string): Promise<void> {
  const apps = pidsOf(rig);
  const cluster = await RunningCluster.open(workspaceRoot(import.meta.dirname), rig.instance.ready.instance);
  const watch = new LeaderWatch(rig);
  rig.mark('cut');
  for (const { node, forMs } of cuts) {
    rig.mark(`${node} cut`);
    cutOff(rig, node);
    await rig.sleep(forMs);
  }
  rig.instance.hold(OLD);
  rig.mark('killed');
  await rig.kill(OLD);
  const report = await failover(cluster, { to, force: true }, (line) => {
    if (line.includes('promoted')) rig.mark('promoted');
  });
  await rig.until('both others follow', FOLLOW_MS, async () => (await followersOf(rig, report.to)) === 2);
  Object.assign(rig.facts, {
    'bytes of log that did not get over': report.lostBytes,
    'number of the new primary': Number(report.to.slice('db-'.length)),
    'nodes that follow it': await followersOf(rig, report.to),
    'nodes that took writes at once': await watch.end(),
    'apps that are another process': pidsOf(rig).filter((pid, i) => pid !== apps[i]).length,
  });
}

function pidsOf({ instance }: Rig): number[] {
  return instance.boxesOf('app').map((name) => instance.box(name).pid);
}

/** Has a replica lose its primary, as behind a cut cable: it stays up, and gets no more of the log. */
function cutOff(rig: Rig, node: string): void {
  const file = join(rig.data, node, 'follow.conf');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/port=\d+/, 'port=1'));
  rig.instance.signal(node, 'SIGHUP');
}

async function followersOf(rig: Rig, leader: string): Promise<number> {
  const [row] = await askNode<{ count: string }>(rig, leader, 'SELECT count(*) FROM pg_stat_replication');
  return Number(row?.count);
}
