import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@day90/infra';

/** nginx writes its log a second late. */
const LATE_MS = 1_200;
/** As nginx.conf has them, in this order. */
const LINE = /"time":([\d.]+).*?"status":(\d+)/;

/**
 * When nginx was done with each good answer, in milliseconds since 1970 and in order: what visitors got, seen by somebody
 * who sends nothing. wrk counts its answers as well, but tells of all of them together.
 */
export async function answersOf({ folders }: Instance): Promise<Float64Array> {
  await sleep(LATE_MS);
  const times: number[] = [];
  for await (const line of createInterface({ input: createReadStream(`${folders.logs}/nginx.log`) })) {
    const [, time, status] = LINE.exec(line) ?? [];
    if (status === '200') times.push(Number(time) * 1_000);
  }
  // Each worker writes what it has gathered, so that their lines are out of order.
  return Float64Array.from(times).sort();
}

/** Answers a second between two moments. */
export function rateBetween(answers: Float64Array, from: number, to: number): number {
  return ((firstFrom(answers, to) - firstFrom(answers, from)) * 1_000) / (to - from);
}

/** The position of the first answer at a moment or after it. */
function firstFrom(answers: Float64Array, moment: number): number {
  let [low, high] = [0, answers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((answers[middle] as number) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
