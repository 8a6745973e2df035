import { z } from 'zod';

/** The variables of the shards. */
export const shardsEnv = {
  SHARD_URLS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/ })).min(1))
    .describe('Postgres of each shard there can be, shard 1 first, comma-separated; shard 1 holds the bucket map'),
  ID_WORKER: z
    .string()
    .regex(/(^|-)\d{1,2}$/, 'must be a number, or end in one as a box’s name does')
    .transform((name) => Number(name.split('-').at(-1)))
    .pipe(z.int().min(1).max(15))
    .describe('Part of each id made here, 1 to 15: no two processes that run at the same time may have the same'),
};
