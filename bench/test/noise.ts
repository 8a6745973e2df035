import { seededRandom } from '../src/statistics.ts';

/** A source of standard normal and standard exponential numbers. */
export interface Noise {
  normal(): number;
  exponential(): number;
}

/** Draws n values of mean 0 in the order of time. */
type Draw = (n: number) => number[];

/** The same numbers for the same seed. */
export function noise(seed: number): Noise {
  const random = seededRandom(seed);
  const exponential = () => -Math.log(1 - random());
  return { exponential, normal: () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * random()) };
}

/** Series with a mean of 0: independent, skewed to one side, and repeating their neighbours (AR(1) at 0.2, 0.3, 0.5). */
export const centred = {
  normal: (source: Noise): Draw => independent(source.normal),
  logNormal: (source: Noise): Draw => independent(() => Math.exp(0.5 * source.normal()) - Math.exp(0.125)),
  exponential: (source: Noise): Draw => independent(() => source.exponential() - 1),
  ar2: (source: Noise): Draw => autoregressive(source, 0.2),
  ar3: (source: Noise): Draw => autoregressive(source, 0.3),
  ar5: (source: Noise): Draw => autoregressive(source, 0.5),
};

function independent(next: () => number): Draw {
  return (n) => Array.from({ length: n }, next);
}

function autoregressive(source: Noise, correlation: number): Draw {
  return (n) => {
    let value = source.normal() / Math.sqrt(1 - correlation ** 2);
    return Array.from({ length: n }, () => {
      value = correlation * value + source.normal();
      return value;
    });
  };
}
