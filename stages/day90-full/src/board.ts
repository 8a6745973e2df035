import { memoryRateLimit, memorySessions, serve, serverEnv } from '@day90/core';
import { sqlUsers } from 'stage-1';
import { postgresEnv } from 'stage-3';
import { openCluster, replicaEnv } from 'stage-4';
import { boardEnv, openQueues } from 'stage-6';
import { adminApp, queueBoard, sqlAdmins } from 'stage-6/board';
import { measuredCluster, metricsEnv, openMetrics } from 'stage-7';
import { z } from 'zod';

const { DATABASE_POOL } = postgresEnv;
const schema = z.object({ ...serverEnv, ...replicaEnv, ...boardEnv, ...metricsEnv, DATABASE_POOL });

/** Shows the queues to admins. */
await serve(schema, async (config, { logger, resources }) => {
  const metrics = resources.use(openMetrics(config, logger));
  const pools = { pool: config.DATABASE_POOL, maxLagMs: config.REPLICA_MAX_LAG_MS, logger };
  const db = resources.use(measuredCluster(openCluster(config.DATABASE_URLS, pools), metrics));
  const queues = resources.use(openQueues(config.QUEUE_URL, logger));
  const sessions = memorySessions(); // one process: a restart costs its admins a login
  const rateLimit = memoryRateLimit();

  const users = sqlUsers(db.reads); // any database will do: it is wanted most while one is down
  const admins = sqlAdmins(db.reads);
  return adminApp({ config, logger, users, admins, sessions, rateLimit, db: db.primary }, queueBoard(queues, config));
});
