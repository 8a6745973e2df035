import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { diskFull } from './disk-full.ts';
import { originDown } from './origin-down.ts';
import { storeKilled } from './store-killed.ts';
import { uploadsAborted } from './uploads-aborted.ts';

/** What is broken on purpose in stage 5. */
export const drills: Drill[] = [originDown, uploadsAborted, storeKilled, diskFull, anyOrder];
