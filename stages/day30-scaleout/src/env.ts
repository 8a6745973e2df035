import { z } from 'zod';

/** The variables of the sessions in Redis. */
export const sessionEnv = {
  SESSION_URL: z
    .url({ protocol: /^rediss?$/ })
    .default('redis://127.0.0.1:6379')
    .describe('Redis that holds the sessions, which no other one does'),
};

/** The variables of the database. */
export const postgresEnv = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .default('postgres://day90_app@127.0.0.1:5432/day90')
    .describe('Postgres, by a role that may read and write rows and nothing else'),
  // Ten, as node-postgres has it, carry some thousand queries of a millisecond each. PostgreSQL's wiki advises twice the
  // server's cores for all boxes together: more only wait for one another inside of it, and each is a process there.
  // Boxes × (pool + 1) stay below max_connections of postgresql.conf, less the few that it reserves.
  // https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(10)
    .describe('Connections to Postgres at most, of this process'),
};
