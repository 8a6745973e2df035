export { app, nginx } from './boxes.ts';
export { postgresEnv, sessionEnv } from './env.ts';
export { openPostgres, type Postgres } from './postgres.ts';
export { isConflict } from './postgres-errors.ts';
export type { PoolState } from './postgres-pool.ts';
export { redisSessions } from './redis-sessions.ts';
