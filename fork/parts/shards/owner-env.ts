import { shardsEnv } from '../../../stages/day45-replicas/src/sharded/env.ts';

/** The variable of migrations. */
export const ownerEnv = {
  SHARD_OWNER_URLS: shardsEnv.SHARD_URLS.describe(
    'The shards of SHARD_URLS in the same order, by the role that owns the tables: for migrations alone',
  ),
};
