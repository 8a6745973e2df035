import { fitUsl, type Measurement, mean, seededRandom } from '@day90/bench';

const RESAMPLES = 2_000;

/** One block of a duet: what one box answered in it, and what several did. */
interface Pair {
  before: number;
  after: number;
}

/**
 * The contention σ and the coherency κ of the Universal Scalability Law, with 95 % intervals.
 * Blocks are drawn anew, and the law is fitted to the ratios that come of it: σ and κ are never below 0, so their own
 * distribution has no t. A fit for each block would be drawn upwards by the same bound.
 * @param blocks - By the number of boxes, each against one box in the same block.
 */
export function uslOf(blocks: Record<number, readonly Pair[]>, seed: number): NonNullable<Measurement['values']> {
  const series = Object.entries(blocks).map(([n, pairs]) => ({
    n: Number(n),
    logs: pairs.map(({ before, after }) => Math.log(after / before)),
  }));
  const fit = (draw: (logs: number[]) => number[]) =>
    fitUsl([{ n: 1, x: 1 }, ...series.map(({ n, logs }) => ({ n, x: Math.exp(mean(draw(logs))) }))]);
  const random = seededRandom(seed);
  const again = (logs: number[]) => logs.map(() => logs[Math.floor(random() * logs.length)] as number);
  const drawn = Array.from({ length: RESAMPLES }, () => fit(again));
  const whole = fit((logs) => logs);
  return (['sigma', 'kappa'] as const).map((name) => {
    const values = drawn.map((one) => one[name]).sort((a, b) => a - b);
    const at = (p: number) => values[Math.round(p * (RESAMPLES - 1))] as number;
    return {
      name: name === 'sigma' ? 'contention σ' : 'coherency κ',
      ...{ unit: '', value: whole[name], lo: at(0.025), hi: at(0.975) },
    };
  });
}
