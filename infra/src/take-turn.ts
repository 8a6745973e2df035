import { setImmediate } from 'node:timers/promises';

let turns = Promise.resolve();

/**
 * Waits until others in this process had their turn. To spawn a process holds this one up for some tens of milliseconds; where several
 * are to be spawned at once, a load that is sent from here would be late by all of them.
 */
export function takeTurn(): Promise<void> {
  turns = turns.then(() => setImmediate());
  return turns;
}
