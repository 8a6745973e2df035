import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { cacheFlushed } from './cache-flushed.ts';
import { cacheFrozen } from './cache-frozen.ts';
import { cacheKilled } from './cache-killed.ts';
import { invalidationRefused } from './invalidation-refused.ts';

/** What is broken on purpose in stage 2. */
export const drills: Drill[] = [cacheKilled, cacheFrozen, cacheFlushed, invalidationRefused, anyOrder];
