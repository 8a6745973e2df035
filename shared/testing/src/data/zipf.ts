import type { Random } from './prng.ts';

/**
 * Draws ranks 1…n by Zipf's law (rank k comes up in proportion to 1/k^s), in constant time and without a table.
 * @see W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
 * ACM TOMACS 6(3), 1996
 */
export function zipfRanks(n: number, random: Random, s = 1): () => number {
  const { weight, integral, inverse } = powerLaw(s);
  const low = integral(1.5) - 1;
  const high = integral(n + 0.5);
  // Within this distance below a whole number every point is accepted, which spares the logarithm most of the time.
  const sure = 2 - inverse(integral(2.5) - weight(2));
  return () => {
    for (;;) {
      const u = high + random() * (low - high);
      const x = inverse(u);
      const k = Math.min(Math.max(Math.round(x), 1), n);
      if (k - x <= sure || u >= integral(k + 0.5) - weight(k)) return k;
    }
  };
}

/** 1/x^s, its integral from 1, and the inverse of that. The seeded data hangs on every bit of those for s = 1. */
function powerLaw(s: number) {
  if (s === 1) return { weight: (x: number) => 1 / x, integral: Math.log, inverse: Math.exp };
  return {
    weight: (x: number) => x ** -s,
    integral: (x: number) => (x ** (1 - s) - 1) / (1 - s),
    inverse: (u: number) => (1 + u * (1 - s)) ** (1 / (1 - s)),
  };
}

/** The share of all draws that Zipf's law gives to a rank of 1…n. */
export function zipfShare(rank: number, n: number, s = 1): number {
  return 1 / (rank ** s * harmonic(n, s));
}

/** The sum of 1/k^s for k = 1…n. */
export function harmonic(n: number, s = 1): number {
  let sum = 0;
  // From the small terms up, so that they are not lost in the rounding of a large sum.
  for (let k = n; k >= 1; k--) sum += 1 / k ** s;
  return sum;
}

/**
 * Scatters the ranks over the ids, so that the posts asked for often do not lie side by side in the table:
 * rank r has the id `((r − 1) · 7919 mod n) + 1`. A permutation for every n that the prime 7919 does not divide.
 */
export function idOfRank(rank: number, n: number): number {
  return (((rank - 1) * SCATTER) % n) + 1;
}

/** Turns {@link idOfRank} around, for one n. */
export function ranksOfIds(n: number): (id: number) => number {
  const inverse = modularInverse(SCATTER % n, n);
  return (id) => (((id - 1) * inverse) % n) + 1;
}

const SCATTER = 7919;

/** The x with a · x ≡ 1 (mod n), by the extended Euclidean algorithm. */
function modularInverse(a: number, n: number): number {
  let [r0, r1, x0, x1] = [n, a, 0, 1];
  while (r1 > 0) {
    const quotient = Math.floor(r0 / r1);
    [r0, r1, x0, x1] = [r1, r0 - quotient * r1, x1, x0 - quotient * x1];
  }
  return ((x0 % n) + n) % n;
}
