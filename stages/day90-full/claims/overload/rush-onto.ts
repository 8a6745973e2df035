import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasureContext, seededRandom } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { Rush, type Rushed } from '../../drills/rush.ts';
import { OVER, OVER_SECONDS } from '../../drills/rush-goals.ts';
import { warmUp } from '../../drills/tight-warm-up.ts';

export const HALF_SECONDS = 8;
const AFTER_SECONDS = 15;
const MEMBERS = 8;

/** What one arm did with the crowd. */
export interface Rushes {
  half: Rushed[];
  over: Rushed[];
  /** Half as many again, from the end of the rush on. */
  after: Rushed[];
}

/** A crowd in front of boxes that are warm. */
export async function crowdOf(
  instance: Instance,
  { scale, seed, signal }: MeasureContext,
): Promise<{ rush: Rush; capacity: number }> {
  const cookies = await logInMany(instance.url, MEMBERS);
  const rush = new Rush({ url: instance.url, scale, cookies, random: seededRandom(seed), signal });
  return { rush, capacity: await warmUp(instance, rush) };
}

/** Half of the capacity, then several times as much, then half of it again. */
export async function rushAt(rush: Rush, capacity: number, signal: AbortSignal): Promise<Rushes> {
  await sleep(2000, undefined, { signal });
  const half = await rush.atRate(Math.round(capacity / 2), HALF_SECONDS);
  const [over, after] = await rush.inTurn(
    { rate: capacity * OVER, seconds: OVER_SECONDS },
    { rate: Math.round(capacity / 2), seconds: AFTER_SECONDS },
  );
  return { half, over, after };
}
