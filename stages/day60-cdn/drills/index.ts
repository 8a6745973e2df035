import type { Drill } from '@day90/bench/drill';
import { originDown } from './origin-down.ts';

/** What is broken on purpose in stage 5. */
export const drills: Drill[] = [originDown];
