import type { RateLimit } from './ports.ts';

/** Keys remembered before old ones are swept; an attacker can invent keys without end. */
const MAX_KEYS = 100_000;

/**
 * Counts turns per key in fixed windows, in the memory of this process: three processes allow three times as much.
 * @param now - Clock in milliseconds.
 */
export function memoryRateLimit(now: () => number = () => performance.now()): RateLimit {
  const windows = new Map<string, { turns: number; endsAt: number }>();
  return {
    async take(key, { turns, seconds }) {
      const time = now();
      if (windows.size > MAX_KEYS) sweep(windows, time);
      const current = windows.get(key);
      if (!current || current.endsAt <= time) {
        windows.set(key, { turns: 1, endsAt: time + seconds * 1000 });
        return 0;
      }
      if (current.turns < turns) {
        current.turns += 1;
        return 0;
      }
      return Math.ceil((current.endsAt - time) / 1000);
    },
  };
}

/** Drops what has ended, then the oldest until half of the room is free. */
function sweep(windows: Map<string, { endsAt: number }>, time: number): void {
  for (const [key, { endsAt }] of windows) {
    if (endsAt <= time || windows.size > MAX_KEYS / 2) windows.delete(key);
  }
}
