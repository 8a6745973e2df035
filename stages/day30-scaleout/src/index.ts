export { sessionEnv } from './env.ts';
export { redisSessions } from './redis-sessions.ts';
