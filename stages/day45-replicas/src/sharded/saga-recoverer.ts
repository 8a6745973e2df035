import type { Logger, Resource } from '@day90/core';
import { coldQuery } from 'stage-1';
import type { FollowSaga, Pair } from './follow-saga.ts';
import { lookEvery } from './look-every.ts';
import type { ShardSet } from './shard-set.ts';

const LOOK_MS = 1000;
/** A saga untouched for so long was left by a process that died, or that could not reach a shard. Milliseconds. */
const LEFT_MS = 3000;
const AT_ONCE = 100;

/**
 * Finds the sagas that are half done, on every shard, and finishes them. Every process does: two at one saga do no harm, and
 * so none has to be chosen.
 */
export function sagaRecoverer(shards: ShardSet, saga: FollowSaga, logger: Logger): Resource {
  async function look(): Promise<void> {
    for (const [i] of (await shards.map()).changedAt.entries()) {
      const left = await leftOn(shards, i + 1).catch(() => []); // a shard that is away has its turn when it is back
      for (const pair of left) {
        await saga.finish(pair).then(
          (outcome) => logger.info({ ...pair, outcome }, 'finished a follow that was half done'),
          (error: unknown) => logger.warn({ err: error, ...pair }, 'a follow stays half done'),
        );
      }
    }
  }
  return lookEvery(LOOK_MS, shards.transactor, look);
}

async function leftOn(shards: ShardSet, shard: number): Promise<Pair[]> {
  const db = shards.db(shard);
  const query = db
    .dialect('follow_sagas')
    .select('follower_id as follower', 'followee_id as followee')
    .where('state', 'begun')
    .andWhere('touched_at', '<', Date.now() - LEFT_MS)
    .orderBy('touched_at')
    .limit(AT_ONCE);
  return coldQuery<Pair>(db, query);
}
