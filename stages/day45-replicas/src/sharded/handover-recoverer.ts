import type { Logger, Resource } from '@day90/core';
import { moved } from './bucket-map.ts';
import { handoversOn, noteMap, takeBucket } from './handovers.ts';
import { lookEvery } from './look-every.ts';
import type { ShardSet } from './shard-set.ts';

/** With the time after which a handover is looked at, less than the second for which who comes then asks again. Milliseconds. */
const LOOK_MS = 300;
/** It takes a mover that lives some milliseconds; to overtake one does no harm. */
const LEFT_MS = 200;

/**
 * Finds buckets that nobody has, since whoever moved them died or stands still between the two commits, and goes the rest of
 * the way. Every process does: two at one bucket do no harm, and so none has to be chosen. What is left to the mover is to
 * delete the rows where the bucket was.
 */
export function handoverRecoverer(shards: ShardSet, logger: Logger): Resource {
  async function look(): Promise<void> {
    for (const [i] of (await shards.map()).changedAt.entries()) {
      const left = await handoversOn(shards.db(i + 1), LEFT_MS).catch(() => []); // a shard that is away keeps them
      for (const handover of left) {
        const map = await shards.reread();
        if (handover.version !== map.version + 1) continue; // it was done, and waits for its rows to be deleted
        await takeBucket(shards.db(handover.to), handover);
        await noteMap(shards.db(1), moved(map, handover));
        logger.warn(handover, 'finished the handover of a bucket that nobody had');
      }
    }
  }
  return lookEvery(LOOK_MS, shards.transactor, look);
}
