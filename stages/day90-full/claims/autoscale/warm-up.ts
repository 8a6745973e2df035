import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasureContext } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { logInMany } from '@day90/testing/members';
import { scaling } from 'stage-3/boxes';
import { mixedJourney } from '../mixed-journey.ts';
import { type Step, stepLoad } from './step-load.ts';
import { watchBoxes } from './watch-boxes.ts';

const MEMBERS = 16;
/** Requests a second without budgets: boxes compile what they run, and show what a request costs them. */
const WARM_UP: Step = { rate: 150, seconds: 24 };
/** Boxes that came by the warm-up go when they were not needed for half a minute, and no sooner. */
const SETTLE_SECONDS = 90;

/** Logs members in, and finds out what a request costs the app, in microseconds of CPU. */
export async function warmUp(
  instance: Instance,
  context: MeasureContext,
): Promise<{ cookies: string[]; cost: number }> {
  const apps = () => instance.boxesOf('app');
  for (const { name } of instance.ready.boxes) instance.setCpu(name, undefined);
  const cookies = await logInMany(instance.url, MEMBERS);
  const requests = mixedJourney(context, cookies, 2_000);
  const { looks } = await watchBoxes(instance, () => stepLoad(instance.url, requests, [WARM_UP], context.signal));
  for (const name of apps()) instance.setCpu(name, scaling.budget);
  const [from, to] = [looks.find(({ at }) => at > 1000 * (WARM_UP.seconds - 8)), looks.at(-1)];
  if (!from || !to) throw new Error('the warm-up was not seen');
  return { cookies, cost: (to.cpuMicros - from.cpuMicros) / ((WARM_UP.rate * (to.at - from.at)) / 1000) };
}

/** Resolves when there are no more boxes than at first. @param least - So many. */
export async function settled(instance: Instance, least: number, signal: AbortSignal): Promise<void> {
  for (let waited = 0; instance.boxesOf('app').length > least; waited += 1) {
    if (waited === SETTLE_SECONDS) throw new Error(`more than ${least} boxes, ${waited} s after the warm-up`);
    await sleep(1000, undefined, { signal });
  }
}
