import type { Random } from './prng.ts';

/**
 * Draws ranks 1…n by Zipf's law with s = 1 (rank k comes up in proportion to 1/k), in constant time and without a table.
 * @see W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
 * ACM TOMACS 6(3), 1996 — here with H(x) = ln x, the integral of 1/x
 */
export function zipfRanks(n: number, random: Random): () => number {
  const low = Math.log(1.5) - 1;
  const high = Math.log(n + 0.5);
  // Within this distance below a whole number every point is accepted, which spares the logarithm most of the time.
  const sure = 2 - Math.exp(Math.log(2.5) - 0.5);
  return () => {
    for (;;) {
      const u = high + random() * (low - high);
      const x = Math.exp(u);
      const k = Math.min(Math.max(Math.round(x), 1), n);
      if (k - x <= sure || u >= Math.log(k + 0.5) - 1 / k) return k;
    }
  };
}

/** The share of all draws that Zipf's law with s = 1 gives to a rank of 1…n. */
export function zipfShare(rank: number, n: number): number {
  return 1 / (rank * harmonic(n));
}

/** The sum of 1/k for k = 1…n. */
export function harmonic(n: number): number {
  let sum = 0;
  // From the small terms up, so that they are not lost in the rounding of a large sum.
  for (let k = n; k >= 1; k--) sum += 1 / k;
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
