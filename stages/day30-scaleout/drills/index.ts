import type { Drill } from '@day90/bench/drill';
import { appKilled } from './app-killed.ts';

/** What is broken on purpose in stage 3. */
export const drills: Drill[] = [appKilled];
