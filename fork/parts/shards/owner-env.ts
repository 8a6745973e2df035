import { z } from 'zod';

/** The variable of migrations. */
export const ownerEnv = {
  SHARD_OWNER_URLS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/ })).min(1))
    .describe('The shards of SHARD_URLS in the same order, by the role that owns the tables: for migrations alone'),
};
