import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, type Progress, seconds, takeLock } from '@day90/infra';
import { chooseSuccessor, placeOf } from './choose-successor.ts';
import { type ClusterState, epochOf, readState, writeState } from './cluster-files.ts';
import { enthrone } from './enthrone.ts';
import { logEnd } from './log-end.ts';
import { type NodeState, primaryFirst, type RunningCluster } from './nodes.ts';

export interface FailoverWishes {
  /** The node that is to lead; the one with the most of the log unless told. */
  to?: string | undefined;
  /** Goes on where something acknowledged would be lost. */
  force: boolean;
}

/** What a failover came to. */
export interface FailoverReport {
  /** Absent where it ended an earlier one. */
  from: string | undefined;
  to: string;
  epoch: number;
  /** Bytes of the old primary's log that the new one did not have, at most. */
  lostBytes: number;
}

/** A replica has taken what its primary had sent as soon as it sees that it is gone; a frozen one never does. */
const TAKE_MS = 5000;
const POLL_MS = 100;

/**
 * Makes a replica the primary. The old one is ended first and its data of no use from then on: Postgres itself would start it
 * and let it take writes beside the new one. So the new epoch is written down before anything is promoted, and a node that
 * starts with data of an older one is made anew (see join.ts). Cut off anywhere, it can be run again, and goes on from there.
 * @throws {BadInput} When it would lose what was acknowledged and is not forced, or somebody else is at it.
 */
export async function failover(
  cluster: RunningCluster,
  wishes: FailoverWishes,
  say: Progress,
): Promise<FailoverReport> {
  const lock = takeLock(join(cluster.data, 'failover.lock'));
  if ('holder' in lock)
    throw new BadInput(`a failover is under way already (pid ${lock.holder.pid})`, { code: 'D90-ONE-AT-A-TIME' });
  try {
    const state = readState(cluster.data) as ClusterState;
    const nodes = await cluster.look();
    if (!isUnfinished(state, nodes, wishes)) return await replace(cluster, state, nodes, wishes, say);
    say(`ends a failover to ${state.primary} that was not finished`);
    await enthrone(cluster, state, say);
    return { from: undefined, to: state.primary, epoch: state.epoch, lostBytes: 0 };
  } finally {
    lock.release();
  }
}

/**
 * Whether an earlier one died after its decision. To choose once more would pass over the node that leads, or is about to: what
 * it has acknowledged since, the others may not have. Forced, a node that can't be made anew is in nobody's way.
 */
function isUnfinished({ epoch, primary }: ClusterState, nodes: NodeState[], { force }: FailoverWishes): boolean {
  const leader = nodes.find(({ name }) => name === primary);
  if (!leader?.seen || leader.seen.standby) return leader?.seen !== undefined;
  const epochs = nodes.map(({ folder }) => epochOf(folder));
  return !force && epochs.some((one) => one > 0 && one < epoch);
}

async function replace(
  cluster: RunningCluster,
  state: ClusterState,
  nodes: NodeState[],
  wishes: FailoverWishes,
  say: Progress,
): Promise<FailoverReport> {
  const [old, ...replicas] = primaryFirst(nodes, state.primary);
  const end = old.seen?.place ?? logEnd(old.folder);
  chooseSuccessor({ primary: old, end, replicas }, wishes); // what can be refused is refused while the old one still works
  const began = performance.now();
  await cluster.fell(old.name);
  say(`${old.name}, the primary, was ended after ${seconds(performance.now() - began)}`);
  const found = { primary: { ...old, seen: undefined }, end: logEnd(old.folder) };
  try {
    const chosen = chooseSuccessor({ ...found, replicas: await untilAllIsTaken(cluster, old.name) }, wishes);
    const next = { epoch: state.epoch + 1, primary: chosen.name };
    writeState(cluster.data, next);
    await enthrone(cluster, next, say);
    return { from: old.name, to: chosen.name, epoch: next.epoch, lostBytes: Math.max(0, found.end - placeOf(chosen)) };
  } catch (error) {
    // Nothing was decided: the old one is as good as it was.
    if (readState(cluster.data)?.epoch === state.epoch) await cluster.wake(old.name);
    throw error;
  }
}

/** Looks at the replicas once none of them has anything more to come: who lacks it then could get ahead of who was chosen. */
async function untilAllIsTaken(cluster: RunningCluster, old: string): Promise<NodeState[]> {
  for (const giveUpAt = performance.now() + TAKE_MS; ; await sleep(POLL_MS)) {
    const [, ...replicas] = primaryFirst(await cluster.look(), old);
    if (performance.now() > giveUpAt || !replicas.some(({ seen }) => seen?.receiving)) return replicas;
  }
}
