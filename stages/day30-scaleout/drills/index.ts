import type { Drill } from '@day90/bench/drill';
import { anyOrder } from './any-order.ts';
import { appFrozen } from './app-frozen.ts';
import { appKilled } from './app-killed.ts';
import { databaseFrozen } from './database-frozen.ts';
import { databaseKilled } from './database-killed.ts';
import { launcherKilled } from './launcher-killed.ts';
import { nginxReloaded } from './nginx-reloaded.ts';
import { rollingRestart } from './rolling-restart.ts';
import { sessionsDown } from './sessions-down.ts';
import { sessionsLost } from './sessions-lost.ts';

/** What is broken on purpose in stage 3. */
export const drills: Drill[] = [
  appKilled,
  rollingRestart,
  appFrozen,
  sessionsDown,
  sessionsLost,
  nginxReloaded,
  databaseKilled,
  databaseFrozen,
  anyOrder,
  launcherKilled,
];
