import type { Instance } from '@day90/infra';

/** What was seen at a moment, in milliseconds since the watch began. */
export interface Look {
  at: number;
  /** App boxes there are, those included that are not ready yet: all that are paid for. */
  count: number;
  /** CPU time that all app boxes have used since the watch began, in microseconds; also those that are gone. */
  cpuMicros: number;
}

const LOOK_MS = 200;

/** Watches the app boxes while something is done. @returns What was seen, and what came of the work. */
export async function watchBoxes<T>(instance: Instance, work: () => Promise<T>): Promise<{ looks: Look[]; result: T }> {
  const startedAt = performance.now();
  const looks: Look[] = [];
  const before = new Map<string, number>();
  let total = 0;
  const look = () => {
    const boxes = instance.boxesOf('app');
    for (const name of boxes) {
      const { cpuMicros } = instance.usage(name);
      total += Math.max(0, cpuMicros - (before.get(name) ?? (looks.length === 0 ? cpuMicros : 0)));
      before.set(name, cpuMicros);
    }
    looks.push({ at: performance.now() - startedAt, count: boxes.length, cpuMicros: total });
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  try {
    const result = await work();
    look();
    return { looks, result };
  } finally {
    clearInterval(timer);
  }
}
