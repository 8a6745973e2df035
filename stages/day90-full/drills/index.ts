import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';

/** What is broken on purpose in stage 7. */
export const drills: Drill[] = [anyOrder];
