export { app, nginx } from './boxes.ts';
export { postgresEnv, sessionEnv } from './env.ts';
export { openPostgres } from './postgres.ts';
export { isConflict } from './postgres-errors.ts';
export { redisSessions } from './redis-sessions.ts';
