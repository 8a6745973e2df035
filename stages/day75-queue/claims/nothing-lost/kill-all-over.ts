import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@day90/infra';
import { cutBack, lengthOf } from '../../drills/append-only-file.ts';
import { withQueues } from '../../drills/queue-of.ts';
import { type Signup, Signups } from '../../drills/signups.ts';

const SIGNUPS_PER_SECOND = 4;
/** Between two kills, in milliseconds: some jobs come through, others are under way. */
const BETWEEN_MS = 3000;
/** What `appendfsync everysec` may cost. */
const LOST_MS = 1000;

/** What was promised, and what was done to those who had promised it. */
export interface Ledger {
  sent: number;
  acked: Signup[];
  kills: number;
  /** Mails that a worker had begun when it or its queue was killed, all together. */
  underWay: number;
}

/** Kills worker, relay and queue by turns while people sign up. */
export async function killAllOver(
  instance: Instance,
  kills: number,
  signal: AbortSignal,
  progress: (share: number) => Promise<void>,
): Promise<Ledger> {
  const relay = instance.ready.boxes.some(({ name }) => name === 'relay') ? 'relay' : 'queue';
  const victims = ['worker-1', relay, 'queue'] as const;
  const signups = new Signups({ instance, now: () => performance.now() });
  signups.begin(SIGNUPS_PER_SECOND);
  let underWay = 0;
  for (let i = 0; i < kills; i += 1) {
    await sleep(BETWEEN_MS - LOST_MS, undefined, { signal });
    const victim = victims[i % victims.length] as string;
    const length = lengthOf(instance);
    await sleep(LOST_MS, undefined, { signal });
    if (victim !== 'relay') underWay += await mailsAtWork(instance);
    instance.hold(victim);
    await instance.kill(victim);
    if (victim === 'queue') cutBack(instance, length);
    instance.release(victim);
    await progress((i + 1) / kills);
  }
  await sleep(BETWEEN_MS, undefined, { signal });
  await signups.end();
  return { sent: signups.sent, acked: signups.acked, kills, underWay };
}

/** A queue that is just starting has nobody's work. */
function mailsAtWork(instance: Instance): Promise<number> {
  return withQueues({ instance }, (queues) => queues.of('mails').getActiveCount()).catch(() => 0);
}
