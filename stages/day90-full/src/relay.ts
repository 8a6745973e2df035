import { processEnv, work } from '@day90/core';
import { postgresEnv } from 'stage-3';
import { openCluster, replicaEnv } from 'stage-4';
import { openQueues, outboxBell, relayEnv, relayOutbox, sweepEffects } from 'stage-6';
import { measuredCluster, metricsEnv, openMetrics } from 'stage-7';
import { queueMetrics } from 'stage-7/jobs';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;
const schema = z.object({ ...processEnv, ...replicaEnv, ...relayEnv, ...metricsEnv, DATABASE_POOL });

/** Takes jobs from the outbox to the queue. */
await work(schema, async (config, { logger, resources }) => {
  const metrics = resources.use(openMetrics(config, logger));
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(measuredCluster(openCluster(config.DATABASE_URLS, pools), metrics));
  resources.use(sweepEffects(db.primary, logger));
  const queues = resources.use(openQueues(config.QUEUE_URL, logger));
  queueMetrics(db, queues, metrics);
  const bell = outboxBell(config.DATABASE_URLS);
  resources.use(relayOutbox(db.primary, queues, bell, { ...config, logger }));
});
