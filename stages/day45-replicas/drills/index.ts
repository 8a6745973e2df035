import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { primaryKilled } from './primary-killed.ts';
import { primaryKilledAsync } from './primary-killed-async.ts';
import { replicaPaused } from './replica-paused.ts';
import { replicasKilled } from './replicas-killed.ts';
import { shardedDrills } from './sharded/index.ts';

/** What is broken on purpose in stage 4. */
export const drills: Drill[] = [
  replicaPaused,
  replicasKilled,
  primaryKilled,
  primaryKilledAsync,
  anyOrder,
  ...shardedDrills,
];
