import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@day90/infra';

/** Something that goes wrong. */
export interface Fault {
  name: string;
  /** When, as a share of the run. */
  at: number;
  strike(instance: Instance, run: { seconds: number; signal: AbortSignal }): Promise<void> | void;
}

/** Of each tenth of a second the slow database works a fifth, for so long: a thirtieth of five minutes. */
const SLOW = { stoppedMs: 80, workingMs: 20, share: 1 / 30 };

/** What goes wrong in the finale, each once. What is killed is started again by its launcher, as systemd would. */
export const FAULTS: readonly Fault[] = [
  { name: 'an app box is killed', at: 0.1, strike: (instance) => instance.kill('app-1') },
  { name: 'a replica is killed', at: 0.28, strike: (instance) => instance.kill('db-2') },
  { name: 'the cache’s Redis is killed', at: 0.46, strike: (instance) => instance.kill('cache') },
  { name: 'nginx reads its settings anew', at: 0.64, strike: (instance) => instance.signal('nginx', 'SIGHUP') },
  { name: 'the primary is slow', at: 0.78, strike: slowPrimary },
];

async function slowPrimary(
  instance: Instance,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  const end = Date.now() + seconds * 1000 * SLOW.share;
  try {
    while (Date.now() < end) {
      instance.signal('db-1', 'SIGSTOP');
      await sleep(SLOW.stoppedMs, undefined, { signal });
      instance.signal('db-1', 'SIGCONT');
      await sleep(SLOW.workingMs, undefined, { signal });
    }
  } finally {
    instance.signal('db-1', 'SIGCONT');
  }
}

/** A fault that has happened; in milliseconds since 1970. */
export interface Struck {
  name: string;
  at: number;
}

/** Has everything go wrong in its turn. @param seconds - Of the whole run. */
export async function strikeAll(instance: Instance, seconds: number, signal: AbortSignal): Promise<Struck[]> {
  const startedAt = Date.now();
  const struck: Struck[] = [];
  for (const { name, at, strike } of FAULTS) {
    await sleep(Math.max(0, startedAt + 1000 * seconds * at - Date.now()), undefined, { signal });
    struck.push({ name, at: Date.now() });
    await strike(instance, { seconds, signal });
  }
  return struck;
}
