import type { Instance } from '@day90/infra';
import type { Rush } from './rush.ts';
import { TIGHT_CPU } from './tight.ts';

/** Requests under way: more than keep the boxes at work. */
export const AT_ONCE = 36;
const [FREE_SECONDS, TIGHT_SECONDS] = [10, 5];
/** More than the generator can send in one go. */
const MOST_PER_SECOND = 3000;

/**
 * Has the app boxes compile what they run, without budgets: in a fifth of a core that takes minutes, in which a request costs
 * them several times as much as later. Then, in their budgets, the limits find their place.
 */
export async function warmUp(instance: Instance, rush: Rush): Promise<void> {
  const setCpu = (cpu: number | undefined) => {
    for (const name of instance.boxesOf('app')) instance.setCpu(name, cpu);
  };
  setCpu(undefined);
  try {
    await rush.atOnce(AT_ONCE, FREE_SECONDS, MOST_PER_SECOND);
  } finally {
    setCpu(TIGHT_CPU);
  }
  await rush.atOnce(AT_ONCE, TIGHT_SECONDS, MOST_PER_SECOND);
}
