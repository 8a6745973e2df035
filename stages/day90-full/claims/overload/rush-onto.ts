import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasureContext, seededRandom } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { Rush, type Rushed } from '../../drills/rush.ts';
import { OVER, OVER_SECONDS } from '../../drills/rush-goals.ts';
import { AT_ONCE, warmUp } from '../../drills/tight-warm-up.ts';

export const HALF_SECONDS = 8;
const AFTER_SECONDS = 15;
const MEMBERS = 8;
const CAPACITY_SECONDS = 6;
/** More than boxes so small can do. */
const MOST_PER_SECOND = 3000;

/** What one arm did with the crowd. */
export interface Rushes {
  /** Requests a second that its boxes can answer. */
  capacity: number;
  half: Rushed[];
  over: Rushed[];
  /** Half as many again, from the end of the rush on. */
  after: Rushed[];
}

/** @param known - What its boxes can answer; undefined asks them. */
export async function rushOnto(
  instance: Instance,
  context: MeasureContext,
  known: number | undefined,
): Promise<Rushes> {
  const { scale, seed, signal } = context;
  const cookies = await logInMany(instance.url, MEMBERS);
  const rush = new Rush({ url: instance.url, scale, cookies, random: seededRandom(seed), signal });
  await warmUp(instance, rush);
  const most = await rush.atOnce(AT_ONCE, CAPACITY_SECONDS, MOST_PER_SECOND);
  const answered = most.filter(
    ({ status, due, took }) => status < 300 && status > 0 && due + took <= CAPACITY_SECONDS * 1000,
  );
  const capacity = known ?? Math.round(answered.length / CAPACITY_SECONDS);
  await sleep(2000, undefined, { signal });
  const half = await rush.atRate(Math.round(capacity / 2), HALF_SECONDS);
  const [over, after] = await rush.inTurn(
    { rate: capacity * OVER, seconds: OVER_SECONDS },
    { rate: Math.round(capacity / 2), seconds: AFTER_SECONDS },
  );
  return { capacity, half, over, after };
}
