/** Throughput of N equal servers, or users: X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). */
export interface Usl {
  /** Throughput of one, in the unit of `x`. */
  lambda: number;
  /** Contention: the share of the work that only one can do at a time. */
  sigma: number;
  /** Coherency: what each pair costs to agree. */
  kappa: number;
  /** The N of the highest throughput, √((1 − σ) / κ); infinite where nothing has to agree. */
  peak: number;
}

interface UslPoint {
  n: number;
  x: number;
}

/**
 * Fits the Universal Scalability Law by least squares. N / X is linear in 1/λ, σ/λ and κ/λ, so that nothing has to be
 * iterated; each point is weighed by its X / N, so that the relative error counts, which is what measurements have. σ and κ
 * are never negative: where noise, or a cache that grows with N, would make one so, it is 0 and the rest is fitted again.
 * With three points the curve goes through all of them and says nothing about its own error.
 *
 * @param points - Of at least three different N.
 * @throws {RangeError} With fewer, or when a throughput is not above 0.
 * @see N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, chapters 4 to 6
 */
export function fitUsl(points: readonly UslPoint[]): Usl {
  if (new Set(points.map(({ n }) => n)).size < 3) throw new RangeError('a USL fit needs three different N or more');
  if (!points.every(({ n, x }) => n >= 1 && x > 0)) throw new RangeError('a USL fit needs N ≥ 1 and X > 0');
  const fits = [[0, 1, 2], [0, 1], [0, 2], [0]].map((terms) => fitTerms(points, terms));
  const best = fits
    .filter(({ terms }) => terms.every((value) => value >= 0))
    .reduce((least, fit) => (fit.error < least.error ? fit : least));
  const [a, b, c] = best.terms;
  const [sigma, kappa] = [b / a, c / a];
  return { lambda: 1 / a, sigma, kappa, peak: Math.sqrt(Math.max(0, 1 - sigma) / kappa) };
}

/** Least squares over some of the three terms, the others 0. */
function fitTerms(points: readonly UslPoint[], used: number[]): { terms: [number, number, number]; error: number } {
  const rows = points.map(({ n, x }) => [1, n - 1, n * (n - 1)].map((term) => (term * x) / n));
  const sum = (of: (row: number[]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const at = (row: number[], i: number) => row[used[i] as number] as number;
  const matrix = used.map((_, i) => [
    ...used.map((_, j) => sum((row) => at(row, i) * at(row, j))),
    sum((row) => at(row, i)),
  ]);
  const terms: [number, number, number] = [0, 0, 0];
  for (const [i, value] of solve(matrix).entries()) terms[used[i] as number] = value;
  const error = sum((row) => (row.reduce((total, term, i) => total + term * (terms[i] as number), 0) - 1) ** 2);
  return { terms, error };
}

/** Solves linear equations, each row with its right side at the end: Gauss and Jordan, with the largest pivot of each column. */
function solve(equations: number[][]): number[] {
  const rows = equations.map((row) => [...row]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const height = (row: number) => Math.abs(rows[row]?.[column] ?? 0);
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) if (height(row) > height(pivot)) pivot = row;
    const chosen = rows[pivot] as number[];
    rows[pivot] = rows[column] as number[];
    rows[column] = chosen.map((value) => value / (chosen[column] as number));
    for (let row = 0; row < size; row += 1) {
      const factor = rows[row]?.[column] ?? 0;
      if (row !== column) rows[row] = (rows[row] as number[]).map((v, i) => v - factor * (rows[column]?.[i] as number));
    }
  }
  return rows.map((row) => row[size] as number);
}
