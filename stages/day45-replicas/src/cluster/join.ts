import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, preparePostgresFolder } from '@day90/infra';
import { z } from 'zod';
import { baseBackup } from './base-backup.ts';
import {
  type ClusterState,
  epochOf,
  follow,
  lead,
  leadFromStandby,
  readState,
  stampEpoch,
  writeState,
} from './cluster-files.ts';
import { canGoOnFrom, isDatabase, systemIdentifier } from './control-data.ts';
import { makeRoles, untilItLeads } from './operator.ts';
import { untilFounded } from './until-founded.ts';

/** What a node is told before it starts. */
export const nodeEnv = z.object({
  /** `db-2` */
  NODE: z.string(),
  /** Holds a folder for each node, and who of them leads. */
  DATA_DIR: z.string(),
  /** Of db-1, db-2 and so on, by commas: `127.0.0.1:14004`. */
  ADDRESSES: z.string().transform((list) => list.split(',')),
  OPERATOR_PASSWORD: z.string(),
  /** Of the role that sees statistics; where there is none, nobody is to look at them. */
  MONITOR_PASSWORD: z.string().optional(),
});
type Node = z.infer<typeof nodeEnv>;

const FOUNDER = 'db-1';

/**
 * Brings a node's folder into a state that it can start from. Run before each start, so that whatever happened meanwhile is
 * found here: it was never made, it was deleted, it was away for too long, or somebody else has become the primary, and then
 * what it wrote last may be nobody else's.
 */
export async function joinCluster(node: Node): Promise<void> {
  const { DATA_DIR: data, NODE: name } = node;
  const state = readState(data) ?? (name === FOUNDER ? found(node) : await untilFounded(data));
  if (state.primary === name) beLeader(join(data, name), state);
  else await beFollower(node, state);
}

/** The seeded data becomes the first primary's. Can be cut off anywhere, and is then done again from there. */
function found({ DATA_DIR: data, OPERATOR_PASSWORD: operator, MONITOR_PASSWORD: monitor }: Node): ClusterState {
  const [seed, folder] = [join(data, 'postgres'), join(data, FOUNDER)];
  if (existsSync(seed)) {
    makeRoles(seed, { operator, monitor });
    renameSync(seed, folder);
  }
  stampEpoch(folder, 1);
  const state = { epoch: 1, primary: FOUNDER };
  writeState(data, state);
  return state;
}

function beLeader(folder: string, { epoch, primary }: ClusterState): void {
  preparePostgresFolder(folder, primary);
  if (!isDatabase(folder))
    throw new BadInput(
      `the data folder of the primary, ${primary}, is gone: put it back, or, while the others are up, \`failover --force\``,
    );
  // Chosen, and not promoted: who did the failover died between the two.
  if (existsSync(join(folder, 'standby.signal'))) leadFromStandby(folder);
  else if (!existsSync(join(folder, 'recovery.signal'))) lead(folder);
  stampEpoch(folder, epoch);
}

async function beFollower(
  { DATA_DIR: data, NODE: name, ADDRESSES, OPERATOR_PASSWORD }: Node,
  state: ClusterState,
): Promise<void> {
  const [own, primary] = [join(data, name), join(data, state.primary)];
  preparePostgresFolder(own, name);
  const access = { ...addressOf(state.primary, ADDRESSES), operatorPassword: OPERATOR_PASSWORD };
  await untilItLeads(access);
  if (isDatabase(own) && systemIdentifier(own) !== systemIdentifier(primary))
    throw new BadInput(
      `${own} holds a node of another cluster than ${state.primary}: move it away, and ${name} is made anew`,
    );
  // Without its signal a standby would take writes.
  const isStandby = isDatabase(own) && existsSync(join(own, 'standby.signal'));
  if (!isStandby || epochOf(own) !== state.epoch || !canGoOnFrom(primary, own)) {
    console.log(`${name} is made anew from ${state.primary}`);
    await baseBackup({ folder: primary, ...access }, own);
    stampEpoch(own, state.epoch);
  }
  follow(own, name, access);
}

/** @throws {BadInput} For what is no node. */
function addressOf(name: string, addresses: readonly string[]): { host: string; port: number } {
  const [host, port] = addresses[Number(name.replace('db-', '')) - 1]?.split(':') ?? [];
  if (host === undefined) throw new BadInput(`no node ${name}: db-1 to db-${addresses.length} are`);
  return { host, port: Number(port) };
}

if (import.meta.main) {
  try {
    await joinCluster(nodeEnv.parse(process.env));
  } catch (error) {
    console.error(error instanceof BadInput ? error.message : error);
    process.exitCode = 1;
  }
}
