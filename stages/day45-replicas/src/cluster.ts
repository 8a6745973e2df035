import { type Logger, noteCommit, noteTiming, openHandle, type Resource, UnavailableError } from '@day90/core';
import { type SqlDatabase, statementBook } from 'stage-1';
import { openPostgres, type PoolState } from 'stage-3';
import { ClusterView } from './cluster-view.ts';
import { DatabaseNode, type NodeConnections } from './database-node.ts';
import { NodeReads } from './node-reads.ts';
import { placeOf, timelineOf } from './timelines.ts';
import { watchNodes } from './watch-nodes.ts';

/** A database that is several: one takes writes, the others follow it. */
export interface Cluster extends Resource {
  /** The one that takes writes. A transaction stays with the server it was begun on. */
  readonly primary: SqlDatabase;
  /** Any that has seen enough for whoever is being answered; within a transaction that transaction's own. */
  readonly reads: SqlDatabase;
  /** How it stands, as far as this process knows. */
  state(): ClusterState;
}

export interface ClusterState {
  /** Since this process began to look. */
  failovers: number;
  nodes: NodeState[];
}

/** How one of the servers stands. */
interface NodeState {
  /** Its place in the list of URLs, from 1 on. */
  number: number;
  isPrimary: boolean;
  /** How far behind the primary it is, in milliseconds; undefined for what was never seen. */
  lagMs: number | undefined;
  connections: PoolState;
}

/** Asked with each COMMIT. Before it, the place would be that of a log without the commit: nobody could wait for the write. */
export const AFTER_COMMIT = {
  sql: `SELECT pg_walfile_name(lsn) AS file, lsn FROM pg_current_wal_insert_lsn() AS lsn`,
  note: ({ file, lsn }: Record<string, unknown>) => noteCommit(timelineOf(String(file)) + placeOf(String(lsn))),
};
const SILENT = { level: 'silent' };

/** What {@link openCluster} is told. */
interface ClusterOptions {
  logger: Logger;
  /** Connections to each server at most. */
  pool: number;
  /** How far behind a standby may be that is read, in milliseconds. */
  maxLagMs: number;
}

/**
 * Opens several Postgres, of which one is the primary and the others replay its log. Which one it is they tell themselves,
 * so a failover needs no word to the app: whoever is no standby any more, on the latest timeline, is written to.
 * @param urls - In the order of their names: the second is `replica-2` while it is one.
 */
export function openCluster(urls: readonly string[], options: ClusterOptions): Cluster {
  const { logger, pool } = options;
  const nodes = urls.map((url) => ({
    db: openPostgres(url, { logger, pool, afterCommit: AFTER_COMMIT }),
    // A connection that no request can hold: a server is not gone because it has much to do.
    watch: openPostgres(url, { logger: logger.child({}, SILENT), pool: 1 }),
  }));
  return clusterOf(nodes, options);
}

/** The cluster of servers that are open already. */
export function clusterOf(connections: readonly NodeConnections[], options: ClusterOptions): Cluster {
  const nodes = connections.map((both, index) => new DatabaseNode(index + 1, both));
  const view = new ClusterView(nodes, options.maxLagMs);
  const watch = watchNodes(view, options.logger);
  return {
    ...databasesOf(view, options.pool),
    state: () => ({ failovers: view.failovers, nodes: nodes.map((node) => stateOf(node, view)) }),
    // One that can never be used is one that is down; if all are, the app has no database.
    broken: Promise.all(nodes.map(({ db }) => db.broken)).then(([reason]) => reason as string),
    async ready() {
      const able = nodes.filter((node) => view.isInRotation(node));
      if (able.length === 0) throw new UnavailableError('No database can be read.');
      await Promise.any(able.map(({ db }) => db.ready?.()));
    },
    async close() {
      await watch.close();
      await Promise.all(nodes.flatMap(({ db, watch: own }) => [db.close(), own.close()]));
    },
  };
}

function stateOf(node: DatabaseNode, view: ClusterView): NodeState {
  const isPrimary = node === view.primary;
  const lagMs = isPrimary ? 0 : node.seen && view.lagOf(node);
  return { number: node.number, isPrimary, lagMs, connections: node.db.connections() };
}

/**
 * The databases as repositories see them, by what is known of the servers.
 * @param pool - Connections to each server at most.
 */
export function databasesOf(view: ClusterView, pool: number): Pick<Cluster, 'primary' | 'reads'> {
  const reads = new NodeReads(view, pool);
  /** The server of each transaction that is open. */
  const owners = new Map<unknown, DatabaseNode>();

  async function transactor<T>(work: (handle: unknown) => Promise<T>): Promise<T> {
    const node = requirePrimary(view);
    noteTiming('dbnode', 'desc="primary"');
    const result = await node.db.transactor(async (handle) => {
      owners.set(handle, node);
      return work(handle).finally(() => owners.delete(handle));
    });
    // Its COMMIT was answered by a primary that is none any more: the new one may have been promoted without it.
    if (view.primary !== node) throw new UnavailableError('The database changed its primary during a commit.');
    return result;
  }

  const { dialect } = (view.nodes[0] as DatabaseNode).db;
  const all = { dialect, ...statementBook(), transactor };
  const own = () => owners.get(openHandle())?.db;
  return {
    primary: { ...all, run: async (query) => own()?.run(query) ?? reads.onPrimary(requirePrimary(view), query) },
    reads: { ...all, run: async (query) => own()?.run(query) ?? reads.run(query) },
  };
}

/** @throws {UnavailableError} While nobody takes writes. */
function requirePrimary({ primary }: ClusterView): DatabaseNode {
  if (!primary) throw new UnavailableError('No database takes writes at the moment.');
  return primary;
}
