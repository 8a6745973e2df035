import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, type Progress, seconds } from '@day90/infra';
import { placeOf } from './choose-successor.ts';
import { type ClusterState, epochOf, follow, lead, stampEpoch } from './cluster-files.ts';
import { type NodeState, primaryFirst, type RunningCluster } from './nodes.ts';

/** So long a replica has to find its new primary, also where it shows everything 5 s late. */
const FOLLOW_MS = 15_000;
const BACK_MS = 60_000;
const POLL_MS = 200;

/**
 * Promotes whom cluster.json names, unless it leads already, and has all others follow it: those that can by themselves, the
 * others made anew. May have been cut off before, anywhere.
 * @throws {BadInput} When that node does not answer or is not promoted, or another one does not come back.
 */
export async function enthrone(
  cluster: RunningCluster,
  { epoch, primary }: ClusterState,
  say: Progress,
): Promise<void> {
  const [leader, ...others] = primaryFirst(await cluster.look(), primary);
  const { port, seen } = leader;
  if (port === undefined || !seen)
    throw new BadInput(`${primary} does not answer: run it again once it is up`, { code: 'D90-FAILOVER' });
  if (seen.standby)
    for (const one of [leader, ...others.filter((other) => canFollow(other, leader))]) stampEpoch(one.folder, epoch);
  const followers = others.filter((one) => one.seen?.standby && epochOf(one.folder) === epoch);
  const rest = others.filter((one) => !followers.includes(one));
  for (const { name } of rest) await cluster.fell(name); // whoever led before must not while another one begins to
  if (seen.standby) await promote(cluster, { name: primary, port }, say);
  lead(leader.folder);
  for (const { name, folder } of followers) {
    follow(folder, name, { port, operatorPassword: cluster.operatorPassword });
    await cluster.reload(name);
  }
  for (const { name } of rest) await cluster.wake(name);
  const stray = await strayAfter(cluster, followers, FOLLOW_MS);
  for (const { name, folder } of stray) {
    await cluster.fell(name);
    stampEpoch(folder, 0);
    await cluster.wake(name);
  }
  const missing = await strayAfter(cluster, others, BACK_MS);
  if (missing.length > 0)
    throw new BadInput(`${names(missing)} did not come back as a replica: its log in .run says why`, {
      code: 'D90-FAILOVER',
    });
  const anew = [...rest, ...stray];
  for (const one of others) say(`${one.name} ${anew.includes(one) ? 'was made anew, and ' : ''}follows ${primary}`);
}

async function promote(cluster: RunningCluster, node: { name: string; port: number }, say: Progress): Promise<void> {
  const began = performance.now();
  if (!(await cluster.promote(node.port)))
    throw new BadInput(`${node.name} was not promoted in time: run it again`, { code: 'D90-FAILOVER' });
  say(`${node.name} leads, promoted after ${seconds(performance.now() - began)}`);
}

/** Who has more of the old log than the new primary can't: it keeps its older epoch. So does who may still get some. */
function canFollow({ seen }: NodeState, leader: NodeState): boolean {
  return seen?.standby === true && !seen.receiving && seen.place <= placeOf(leader);
}

/** Those of some nodes that do not get the log, after so long at most. */
async function strayAfter(cluster: RunningCluster, of: NodeState[], ms: number): Promise<NodeState[]> {
  for (const giveUpAt = performance.now() + ms; ; await sleep(POLL_MS)) {
    const now = await cluster.look();
    const stray = of.filter(({ name }) => !now.find((node) => node.name === name)?.seen?.receiving);
    if (stray.length === 0 || performance.now() > giveUpAt) return stray;
  }
}

function names(nodes: NodeState[]): string {
  return nodes.map(({ name }) => name).join(', ');
}
