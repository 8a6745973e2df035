import type { Drill } from '@day90/bench/drill';
import { shardAdded } from './shard-added.ts';
import { shardDown } from './shard-down.ts';

/** What is broken on purpose of the shards of stage 4. */
export const shardedDrills: Drill[] = [shardDown, shardAdded];
