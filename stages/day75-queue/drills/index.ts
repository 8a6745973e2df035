import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { deliveredAgain } from './delivered-again.ts';
import { flood } from './flood.ts';
import { mailTrouble } from './mail-trouble.ts';
import { queueDown } from './queue-down.ts';
import { workerKilled } from './worker-killed.ts';
import { workerStopped } from './worker-stopped.ts';

/** What is broken on purpose in stage 6. */
export const drills: Drill[] = [workerKilled, workerStopped, queueDown, mailTrouble, deliveredAgain, flood, anyOrder];
