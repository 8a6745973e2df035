/** How a pair of stages is swept. */
export interface SweepPlan {
  /** Arrivals a second, rising. */
  rates: readonly number[];
  /** How often each of the two has its turn at a rate: `before after after before` for two. */
  turns: number;
  turnSeconds: number;
  restSeconds: number;
}

/** Half of what the smallest stage can do within its budget on a slow machine, and more than the largest can. */
const [LEAST_RATE, MOST_RATE] = [25, 800];

/**
 * @param full - Rates by steps of √2 instead of 2, and twice as many turns.
 */
export function sweepPlan(full: boolean): SweepPlan {
  const step = full ? Math.SQRT2 : 2;
  const count = 1 + Math.round(Math.log(MOST_RATE / LEAST_RATE) / Math.log(step));
  const rates = Array.from({ length: count }, (_, i) => Math.round(LEAST_RATE * step ** i));
  return { rates, turns: full ? 4 : 2, turnSeconds: 2.5, restSeconds: 0.5 };
}

/** Whose turn it is: by ABBA where both are asked, so that a machine that slows down slows both. */
export function turnsOf(arms: readonly string[], turns: number): string[] {
  return Array.from({ length: turns }, (_, i) => (i % 2 === 0 ? arms : arms.toReversed())).flat();
}

/** k6's own start, in seconds: it makes all its virtual users beforehand. */
const START_SECONDS = 3;
/** Both stages started, warmed up and ended; each is part of two pairs. */
const UP_SECONDS = 25;

/** About how long a pair takes, in seconds, when both stages are asked for all rates but the last. */
export function pairSeconds({ rates, turns, turnSeconds, restSeconds }: SweepPlan): number {
  return UP_SECONDS + (rates.length - 1) * (START_SECONDS + 2 * turns * (turnSeconds + restSeconds));
}
