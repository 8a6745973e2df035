import { z } from 'zod';

/** The variables of the databases. */
export const replicaEnv = {
  DATABASE_URLS: z
    .string()
    .default('postgres://day90_app@127.0.0.1:5432/day90')
    .transform((list) => list.split(','))
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/ })).min(1))
    .describe('Postgres, primary and replicas in any order, comma-separated; which is which they tell themselves'),
  // A reader without writes of their own is shown what was true so long ago, at most. The replicas of one region are some
  // milliseconds behind; what is far over that is not slow but broken, and better not read.
  REPLICA_MAX_LAG_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1000)
    .describe('Milliseconds that a replica may be behind and still be read'),
};
