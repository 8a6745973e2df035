import { Gauge } from 'prom-client';
import type { Cluster } from 'stage-4';
import { type Queues, queueStates } from 'stage-6';
import type { Metrics } from './metrics.ts';

/**
 * Tells how far the jobs are, from the row in the outbox to the queue: asked at each scrape, since a count kept in a process
 * would forget what was there before it. What can't be asked, because its server is down, is left out and not guessed.
 */
export function queueMetrics({ reads }: Pick<Cluster, 'reads'>, queues: Queues, metrics: Metrics): void {
  const gauges = queueGauges(metrics);
  const ask = <Row extends object>(sql: string, values: unknown[] = []) => reads.run<Row>({ sql, values });
  metrics.onScrape(async () => {
    for (const gauge of Object.values(gauges)) gauge.reset();
    for (const state of await queueStates(ask, queues)) {
      const { queue } = state;
      gauges.age.set({ queue }, state.oldestMs / 1000);
      gauges.rows.set({ queue, state: 'waiting' }, state.outbox);
      gauges.rows.set({ queue, state: 'handed_over' }, state.handed);
      gauges.rows.set({ queue, state: 'given_up' }, state.givenUp);
      for (const [name, jobs] of Object.entries(state.jobs ?? {})) gauges.jobs.set({ queue, state: name }, jobs);
    }
  });
}

function queueGauges({ registry }: Metrics) {
  const registers = [registry];
  return {
    age: new Gauge({
      name: 'outbox_oldest_age_seconds',
      help: 'How long ago the oldest job was asked for that is not done; 0 when all are.',
      ...{ labelNames: ['queue'], registers },
    }),
    rows: new Gauge({
      name: 'outbox_rows',
      help: 'Jobs in the outbox: not handed over to the queue yet, handed over and not done, or given up.',
      ...{ labelNames: ['queue', 'state'], registers },
    }),
    jobs: new Gauge({
      name: 'queue_jobs',
      help: 'Jobs in the queue, by state; none while it is out of reach.',
      ...{ labelNames: ['queue', 'state'], registers },
    }),
  };
}
