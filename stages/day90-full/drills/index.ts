import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { errorsInjected } from './errors-injected.ts';
import { overload } from './overload.ts';
import { slowClients } from './slow-clients.ts';
import { targetKilled } from './target-killed.ts';
import { watchKilled } from './watch-killed.ts';

/** What is broken on purpose in stage 7. */
export const drills: Drill[] = [targetKilled, errorsInjected, watchKilled, slowClients, overload, anyOrder];
