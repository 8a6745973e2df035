import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, type Progress, seconds, takeLock } from '@day90/infra';
import { chooseSuccessor, placeOf } from './choose-successor.ts';
import { type ClusterState, follow, lead, readState, stampEpoch, writeState } from './cluster-files.ts';
import { logEnd } from './log-end.ts';
import type { NodeState, RunningCluster } from './nodes.ts';

export interface FailoverWishes {
  /** The node that is to lead; the one with the most of the log unless told. */
  to?: string | undefined;
  /** Goes on where something acknowledged would be lost. */
  force: boolean;
}

/** What a failover came to. */
export interface FailoverReport {
  from: string;
  to: string;
  epoch: number;
  /** Bytes of the old primary's log that the new one did not have, at most. */
  lostBytes: number;
}

const BACK_MS = 60_000;
const POLL_MS = 200;

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
  if ('holder' in lock) throw new BadInput(`a failover is under way already (pid ${lock.holder.pid})`);
  try {
    const state = readState(cluster.data) as ClusterState;
    const nodes = await cluster.look();
    const primary = nodes.find(({ name }) => name === state.primary);
    // It was chosen, and is a replica still: who chose it died before it was promoted.
    if (primary?.seen?.standby) return await enthrone(cluster, { state, from: undefined, chosen: primary }, say);
    return await replace(cluster, state, nodes, wishes, say);
  } finally {
    lock.release();
  }
}

async function replace(
  cluster: RunningCluster,
  state: ClusterState,
  nodes: NodeState[],
  wishes: FailoverWishes,
  say: Progress,
): Promise<FailoverReport> {
  const [old, ...replicas] = withPrimaryFirst(nodes, state.primary);
  const end = old.seen?.place ?? logEnd(old.folder);
  chooseSuccessor({ primary: old, end, replicas }, wishes); // what can be refused is refused while the old one still works
  const began = performance.now();
  await cluster.fell(old.name);
  say(`${old.name}, the primary, was ended after ${seconds(performance.now() - began)}`);
  const [, ...now] = withPrimaryFirst(await cluster.look(), state.primary); // with what it had sent until then
  const found = { primary: old, end: logEnd(old.folder), replicas: now };
  const chosen = chooseSuccessor(found, { ...wishes, force: true }); // there is no way back any more
  const next = { epoch: state.epoch + 1, primary: chosen.name };
  writeState(cluster.data, next);
  return enthrone(cluster, { state: next, from: old.name, chosen, end: found.end }, say);
}

interface Chosen {
  state: ClusterState;
  /** The old primary, where it is known. */
  from: string | undefined;
  chosen: NodeState;
  end?: number;
}

/** Promotes whom cluster.json names, has the others follow it, and starts the old one as one of them. */
async function enthrone(
  cluster: RunningCluster,
  { state, from, chosen, end = 0 }: Chosen,
  say: Progress,
): Promise<FailoverReport> {
  const began = performance.now();
  const port = chosen.port as number;
  const others = (await cluster.look()).filter(({ name }) => name !== chosen.name);
  // Who has more of the old log than the new primary can't follow it: it keeps its older epoch, and is made anew.
  const followers = others.filter(({ seen, name }) => name !== from && seen?.standby && seen.place <= placeOf(chosen));
  for (const { folder } of [chosen, ...followers]) stampEpoch(folder, state.epoch);
  await cluster.promote(port);
  lead(chosen.folder);
  say(`epoch ${state.epoch}: ${chosen.name} leads, promoted after ${seconds(performance.now() - began)}`);
  for (const { name, folder } of followers) {
    follow(folder, name, { port, operatorPassword: cluster.operatorPassword });
    await cluster.reload(name);
    say(`${name} follows ${chosen.name}`);
  }
  const rest = others.filter((one) => !followers.includes(one));
  for (const { name } of rest) {
    await cluster.fell(name);
    await cluster.wake(name);
  }
  await untilAllFollow(
    cluster,
    rest.map(({ name }) => name),
  );
  for (const { name } of rest) say(`${name} was made anew, and follows ${chosen.name}`);
  return { from: from ?? 'nobody', to: chosen.name, epoch: state.epoch, lostBytes: Math.max(0, end - placeOf(chosen)) };
}

async function untilAllFollow(cluster: RunningCluster, names: string[]): Promise<void> {
  for (const giveUpAt = performance.now() + BACK_MS; ; await sleep(POLL_MS)) {
    const nodes = await cluster.look();
    const missing = names.filter((name) => !nodes.find((node) => node.name === name)?.seen?.standby);
    if (missing.length === 0) return;
    if (performance.now() > giveUpAt)
      throw new BadInput(`${missing.join(', ')} did not come back as a replica: its log in .run says why`);
  }
}

/** @throws {BadInput} When there is no such node in this instance. */
function withPrimaryFirst(nodes: NodeState[], primary: string): [NodeState, ...NodeState[]] {
  const first = nodes.find(({ name }) => name === primary);
  if (!first) throw new BadInput(`${primary}, which leads by cluster.json, is no box of this instance`);
  return [first, ...nodes.filter((node) => node !== first)];
}
