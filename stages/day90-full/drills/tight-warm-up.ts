import type { Instance } from '@day90/infra';
import type { Rush, Rushed } from './rush.ts';
import { isAnsweredByApp } from './rushed.ts';
import { TIGHT_CPU } from './tight.ts';

/** Requests under way: four for each box, which keep it at work. */
export const AT_ONCE = 12;
/** From when to when, in their budgets, they are asked: they have slowed down by then, and their limits are not yet lower than that. */
export const [CAPACITY_FROM, CAPACITY_TO] = [1, 4];
const [FREE_SECONDS, TIGHT_SECONDS] = [10, 5];
/** More than the boxes can answer in their budgets. */
const MOST_PER_SECOND = 1200;
/** From such a share of that on, it may have been that which was measured. */
const NEAR = 0.9;

/**
 * Has the app boxes compile what they run, without budgets: in a fifth of a core that takes minutes, in which a request costs
 * them several times as much as later. Then, in their budgets, they are asked what they can do, and the limits find their place.
 * @returns Requests a second that they can answer.
 * @throws {Error} When that is about as many as they are asked at most: then it was not found.
 */
export async function warmUp(instance: Instance, rush: Rush): Promise<number> {
  const setCpu = (cpu: number | undefined) => {
    for (const name of instance.boxesOf('app')) instance.setCpu(name, cpu);
  };
  setCpu(undefined);
  try {
    await rush.atOnce(AT_ONCE, FREE_SECONDS, MOST_PER_SECOND);
  } finally {
    setCpu(TIGHT_CPU);
  }
  const most = await rush.atOnce(AT_ONCE, CAPACITY_TO, MOST_PER_SECOND);
  const endOf = ({ due, took }: Rushed) => (due + took) / 1000;
  const then = most.filter((hit) => isAnsweredByApp(hit) && endOf(hit) > CAPACITY_FROM && endOf(hit) <= CAPACITY_TO);
  await rush.atOnce(AT_ONCE, TIGHT_SECONDS, MOST_PER_SECOND);
  const capacity = Math.round(then.length / (CAPACITY_TO - CAPACITY_FROM));
  if (capacity > NEAR * MOST_PER_SECOND)
    throw new Error(`the boxes answer ${capacity} a second of the ${MOST_PER_SECOND} that they are asked at most`);
  return capacity;
}
