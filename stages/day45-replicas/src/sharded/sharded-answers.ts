import type { IdempotentAnswers, Logger, Resource } from '@day90/core';
import { sqlAnswers } from 'stage-1';
import { bucketOf } from './buckets.ts';
import { perShard } from './per-shard.ts';
import type { ShardSet } from './shard-set.ts';

/** Answers to requests with an `Idempotency-Key`, with the member whose they are: so in the transaction of their effects. */
export function shardedAnswers(shards: ShardSet, logger: Logger): IdempotentAnswers & Resource {
  const own = perShard((shard) => sqlAnswers(shards.db(shard), logger));
  return {
    begin: (userId, key, fingerprint) =>
      shards.write(bucketOf(userId), (shard) => own(shard).begin(userId, key, fingerprint)),
    finish: (userId, key, answer) =>
      shards.write(bucketOf(userId), (shard) => own(shard).finish(userId, key, answer), never),
    async close() {
      await Promise.all(own.made().map((answers) => answers.close()));
    },
  };
}

/** It follows a `begin` in one transaction, which has had the bucket's lock since. */
function never(): boolean {
  return false;
}
