import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { killMidWrite } from './kill-mid-write.ts';
import { lockHeld } from './lock-held.ts';

/** What is broken on purpose in stage 1. */
export const drills: Drill[] = [killMidWrite, lockHeld, anyOrder];
