import { Counter, Gauge } from 'prom-client';
import type { Cluster, ClusterState } from 'stage-4';
import type { Metrics } from './metrics.ts';

/**
 * Tells how the databases stand as this process sees them: its connections, who lags, and failovers. How they are doing
 * themselves they are asked by the exporter.
 * @returns The same cluster.
 */
export function measuredCluster(cluster: Cluster, metrics: Metrics): Cluster {
  const notePools = poolGauges(metrics);
  const noteLags = lagGauge(metrics);
  const failovers = new Counter({
    name: 'failovers_total',
    help: 'Times that a standby became the primary, as seen by this process.',
    registers: [metrics.registry],
  });
  let known = 0;
  metrics.onScrape(() => {
    const state = cluster.state();
    notePools(state);
    noteLags(state);
    failovers.inc(state.failovers - known);
    known = state.failovers;
  });
  return cluster;
}

function poolGauges({ registry }: Metrics): (state: ClusterState) => void {
  const registers = [registry];
  const connections = new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of this process, by the database they lead to and whether they are in use.',
    ...{ labelNames: ['pool', 'state'], registers },
  });
  const waiting = new Gauge({
    name: 'db_pool_waiting',
    help: 'Calls that wait for a connection.',
    ...{ labelNames: ['pool'], registers },
  });
  return ({ nodes }) => {
    for (const node of nodes) {
      const pool = nameOf(node);
      connections.set({ pool, state: 'idle' }, node.connections.idle);
      connections.set({ pool, state: 'busy' }, node.connections.busy);
      waiting.set({ pool }, node.connections.waiting);
    }
  };
}

function lagGauge({ registry }: Metrics): (state: ClusterState) => void {
  const lag = new Gauge({
    name: 'replica_lag_seconds',
    help: 'How far a replica is behind the primary; none for one that was never seen.',
    ...{ labelNames: ['replica'], registers: [registry] },
  });
  return ({ nodes }) => {
    lag.reset(); // the primary has none, and who that is may have changed
    for (const node of nodes) {
      if (!node.isPrimary && node.lagMs !== undefined) lag.set({ replica: nameOf(node) }, node.lagMs / 1000);
    }
  };
}

/** As the box is called. */
function nameOf({ number }: { number: number }): string {
  return `db-${number}`;
}
