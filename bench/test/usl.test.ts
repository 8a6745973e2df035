import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../src/statistics.ts';
import { fitUsl } from '../src/usl.ts';

const curve = (lambda: number, sigma: number, kappa: number) => (n: number) =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
const points = (ns: number[], x: (n: number) => number) => ns.map((n) => ({ n, x: x(n) }));

describe('fitUsl', () => {
  it.each([
    ['three points', [1, 2, 3], 1_000, 0.05, 0.002],
    ['many points', [1, 2, 4, 8, 16, 32], 955.16, 0.0267, 0.000769],
    ['several measurements of each N', [1, 1, 2, 2, 3, 3], 400, 0.1, 0.01],
    ['perfect scaling', [1, 2, 3, 4], 500, 0, 0],
  ])('finds the coefficients again from %s', (_name, ns, lambda, sigma, kappa) => {
    const fit = fitUsl(points(ns, curve(lambda, sigma, kappa)));
    expect(fit.lambda).toBeCloseTo(lambda, 6);
    expect(fit.sigma).toBeCloseTo(sigma, 8);
    expect(fit.kappa).toBeCloseTo(kappa, 8);
  });

  it('puts the peak where more servers begin to answer less', () => {
    const x = curve(100, 0.04, 0.004);
    const { peak } = fitUsl(points([1, 2, 3, 5, 8], x));
    expect(peak).toBeCloseTo(Math.sqrt(0.96 / 0.004), 4);
    expect(x(peak)).toBeGreaterThan(Math.max(x(peak - 1), x(peak + 1)));
  });

  it('comes near the truth through noise of 2 %', () => {
    const random = seededRandom(3);
    const noisy = (n: number) => curve(700, 0.08, 0.003)(n) * (0.98 + 0.04 * random());
    const fit = fitUsl(
      points(
        Array.from({ length: 120 }, (_, i) => 1 + (i % 12)),
        noisy,
      ),
    );
    expect(fit.lambda / 700).toBeCloseTo(1, 1);
    expect(Math.abs(fit.sigma - 0.08)).toBeLessThan(0.01);
    expect(Math.abs(fit.kappa - 0.003)).toBeLessThan(0.0005);
  });

  it('claims no negative coefficient where throughput grows faster than the servers', () => {
    const fit = fitUsl([
      { n: 1, x: 100 },
      { n: 2, x: 210 },
      { n: 3, x: 320 },
    ]);
    expect(fit).toMatchObject({ sigma: 0, kappa: 0, peak: Number.POSITIVE_INFINITY });
    expect(fit.lambda).toBeGreaterThan(100);
  });

  it('keeps one coefficient where only the other would be negative', () => {
    const fit = fitUsl([
      { n: 1, x: 100 },
      { n: 2, x: 170 },
      { n: 3, x: 250 },
    ]);
    expect(fit.kappa).toBe(0);
    expect(fit.sigma).toBeGreaterThan(0.05);
  });

  it.each([
    ['two servers', [1, 2, 2], 100],
    ['no throughput', [1, 2, 3], 0],
  ])('refuses %s', (_name, ns, x) => {
    expect(() => fitUsl(ns.map((n) => ({ n, x })))).toThrow(RangeError);
  });
});
