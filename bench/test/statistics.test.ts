import { describe, expect, it } from '@jest/globals';
import { lagOneCorrelation, seriesInterval } from '../src/statistics/interval.ts';
import { studentCdf, studentQuantile } from '../src/statistics/student.ts';
import { warmUpLength } from '../src/statistics/warm-up.ts';
import { compareBlocks, latencyOf, noiseFloor, type PairedBlock, quantile, verdictOf } from '../src/statistics.ts';
import { centred, noise } from './noise.ts';

describe('studentQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
  it.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 9, 2.262],
    [0.975, 19, 2.093],
    [0.975, 29, 2.045],
    [0.995, 10, 3.169],
    [0.95, 5, 2.015],
    [0.975, 1e7, 1.96],
  ])('agrees with the table at p = %d, df = %d', (p, df, t) => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 3);
    expect(studentQuantile(1 - p, df)).toBeCloseTo(-t, 3);
  });

  it('is undone by studentCdf, also at broken degrees of freedom', () => {
    for (const df of [1.5, 7.25, 40]) expect(studentCdf(studentQuantile(0.9, df), df)).toBeCloseTo(0.9, 10);
  });

  it('refuses what has no quantile', () => {
    expect(() => studentQuantile(1, 5)).toThrow(RangeError);
    expect(() => studentQuantile(0.5, 0)).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('is linear between neighbours', () => {
    expect(quantile([1, 2, 3, 10], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 10], 1)).toBe(10);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('gives an arm its percentiles, whatever the order of its samples', () => {
    const latency = latencyOf(Array.from({ length: 101 }, (_, index) => 100 - index));
    expect(latency).toMatchObject({ count: 101, mean: 50, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(latency.percentiles).toHaveLength(99);
    expect(latency.percentiles[0]).toBeCloseTo(1);
  });
});

describe('the 95 % interval of a series', () => {
  for (const name of ['normal', 'logNormal', 'exponential', 'ar2', 'ar3', 'ar5'] as const) {
    for (const n of [20, 30]) {
      it(`covers the true mean in 93–97 % of 3,000 runs: ${name}, n = ${n}`, () => {
        const draw = centred[name](noise(1_000 + n));
        let covered = 0;
        for (let run = 0; run < 3_000; run++) {
          const { lo, hi } = seriesInterval(draw(n));
          if (lo <= 0 && hi >= 0) covered++;
        }
        expect(covered / 3_000).toBeGreaterThanOrEqual(0.93);
        expect(covered / 3_000).toBeLessThanOrEqual(0.97);
      });
    }
  }

  it('is plain Student where neighbours do not repeat one another', () => {
    const series = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    const { lo, hi, blockFactor, df } = seriesInterval(series);
    expect({ blockFactor, df }).toEqual({ blockFactor: 1, df: 9 });
    expect((hi - lo) / 2).toBeCloseTo(2.262157 * Math.sqrt(0.277778 / 10), 5);
  });

  it('merges neighbours that do', () => {
    const steps = Array.from({ length: 24 }, (_, index) => Math.floor(index / 6) % 2);
    expect(lagOneCorrelation(steps)).toBeGreaterThan(0.6);
    expect(seriesInterval(steps).blockFactor).toBeGreaterThan(4);
  });

  it('has no width where nothing varies', () => {
    expect(seriesInterval([3, 3, 3, 3, 3, 3])).toMatchObject({ estimate: 3, lo: 3, hi: 3, lag1: 0 });
  });
});

describe('warmUpLength', () => {
  const settled = Array.from({ length: 24 }, (_, index) => 10 + ((index * 7) % 5) / 10);

  it('drops the blocks before the series settles, and no other', () => {
    expect(warmUpLength(settled)).toBe(0);
    expect(warmUpLength([30, 25, 20, 15, ...settled])).toBe(4);
  });

  it('keeps a single stray block at the start', () => {
    expect(warmUpLength([30, ...settled])).toBe(0);
  });

  it('exceeds half of a series that never settles', () => {
    const late = settled.map((value, index) => (index < 14 ? 3 * value : value));
    expect(warmUpLength(late)).toBe(14);
  });
});

/** Blocks of two arms whose true ratio is `ratio`, each arm with its own noise; the labels share the after arm's noise source. */
function blocks(n: number, ratio: number, draw: (n: number) => number[], spread = 0.1): PairedBlock[] {
  const [before, after, a, b] = [draw(n), draw(n), draw(n), draw(n)];
  const value = (series: number[] | undefined, index: number) => Math.exp(spread * (series?.[index] ?? 0));
  return Array.from({ length: n }, (_, index) => ({
    before: ratio * value(before, index),
    after: value(after, index),
    aa: [value(a, index), value(b, index)],
  }));
}

describe('compareBlocks', () => {
  for (const name of ['normal', 'exponential', 'ar3', 'ar5'] as const) {
    it(`covers the true ratio in 93–97 % of 2,000 whole runs, warm-up check included: ${name}`, () => {
      const draw = centred[name](noise(5));
      let covered = 0;
      let judged = 0;
      for (let run = 0; run < 2_000; run++) {
        const { verdict, lo, hi } = compareBlocks(blocks(30, 2, draw), { resamples: 20 });
        if (verdict !== 'void') judged++;
        if (verdict !== 'void' && lo <= 2 && hi >= 2) covered++;
      }
      expect(judged).toBeGreaterThan(1_950);
      expect(covered / judged).toBeGreaterThanOrEqual(0.93);
      expect(covered / judged).toBeLessThanOrEqual(0.97);
    });
  }

  it.each([
    ['normal', 0.02],
    ['normal', 0.2],
    ['exponential', 0.1],
    ['ar3', 0.1],
    ['ar5', 0.1],
  ] as const)('sees a difference between equal arms in at most 6 %% of 1,000 runs: %s, spread %d', (name, spread) => {
    const draw = centred[name](noise(11));
    let wrong = 0;
    for (let run = 0; run < 1_000; run++) {
      const { verdict } = compareBlocks(blocks(26, 1, draw, spread), { resamples: 20 });
      if (verdict === 'faster' || verdict === 'slower') wrong++;
    }
    expect(wrong / 1_000).toBeLessThanOrEqual(0.06);
  });

  it('finds a real difference, with its direction', () => {
    const draw = centred.normal(noise(3));
    expect(compareBlocks(blocks(30, 3, draw)).verdict).toBe('faster');
    expect(compareBlocks(blocks(30, 1 / 3, draw)).verdict).toBe('slower');
  });

  it('gives the ratio of the geometric means it reports', () => {
    const { before, after, estimate, lo, hi } = compareBlocks(blocks(30, 3, centred.normal(noise(4))));
    expect(before / after).toBeCloseTo(estimate, 10);
    expect(lo * hi).toBeCloseTo(estimate ** 2, 10);
  });

  it('has a bootstrap interval near its own', () => {
    const { lo, hi, bootstrap } = compareBlocks(blocks(30, 3, centred.normal(noise(6))));
    expect(Math.abs(Math.log(bootstrap.lo / lo))).toBeLessThan(0.2 * Math.log(hi / lo));
    expect(Math.abs(Math.log(bootstrap.hi / hi))).toBeLessThan(0.2 * Math.log(hi / lo));
  });

  it('is the same for the same seed', () => {
    const input = blocks(24, 2, centred.normal(noise(8)));
    expect(compareBlocks(input, { seed: 9 })).toEqual(compareBlocks(input, { seed: 9 }));
    expect(compareBlocks(input, { seed: 9 }).bootstrap).not.toEqual(compareBlocks(input, { seed: 10 }).bootstrap);
  });

  it('takes the floor from the A/A labels of the same run', () => {
    const quiet = blocks(30, 1.2, centred.normal(noise(2)), 0.001);
    expect(compareBlocks(quiet)).toMatchObject({ floor: 1.03, verdict: 'faster' });
    const noisy = quiet.map((block, index) => ({ ...block, aa: [index % 3 ? 1.5 : 0.9, 1] as const }));
    const { floor, aa, verdict } = compareBlocks(noisy);
    expect(floor).toBe(aa?.hi);
    expect(floor).toBeGreaterThan(1.2);
    expect(verdict).toBe('no-difference');
  });

  it('leaves out the warm-up', () => {
    const steady = Array.from({ length: 30 }, (_, i) => ({ before: 2 + (i % 3) / 10, after: 1 + (i % 2) / 10 }));
    const cold = Array.from({ length: 5 }, () => ({ before: 50, after: 50 }));
    expect(compareBlocks([...cold, ...steady])).toMatchObject({
      warmupBlocks: 5,
      blocks: 30,
    });
  });

  it('looks at the interval, not the estimate, for its goal', () => {
    const input = blocks(30, 2.5, centred.normal(noise(12)));
    const { estimate, lo, hi } = compareBlocks(input);
    expect(compareBlocks(input, { goal: { op: '>=', value: estimate } }).goal?.met).toBe(false);
    expect(compareBlocks(input, { goal: { op: '>=', value: lo } }).goal?.met).toBe(true);
    expect(compareBlocks(input, { goal: { op: '<=', value: estimate } }).goal?.met).toBe(false);
    expect(compareBlocks(input, { goal: { op: '<=', value: hi } }).goal?.met).toBe(true);
  });

  describe('is void, with the reason,', () => {
    const good = blocks(30, 2, centred.normal(noise(1)));
    const even = good.map((_, i) => ({ before: 2 + (i % 3) / 10, after: 1 + (i % 2) / 10 }));
    it.each<[string, PairedBlock[], RegExp]>([
      ['for too few blocks', even.slice(0, 15), /15 blocks are left after the warm-up, 20 are needed/],
      ['for no blocks', [], /0 blocks/],
      ['for a block without answers', [...good, { before: 0, after: 1 }], /block 31 of 31/],
      ['for a block that is no number', [{ before: 1, after: Number.NaN }, ...good], /block 1 of 31/],
      ['for an A/A label without answers', [{ before: 1, after: 1, aa: [1, Infinity] }, ...good], /block 1 of 31/],
      ['for labels on a few blocks only', even.map((block, i) => (i < 9 ? { ...block, aa: [1, 1] } : block)), /A\/A/],
      [
        'for a run that never settles',
        good.map((block, i) => ({ ...block, before: block.before * (i < 17 ? 4 : 1) })),
        /never settled/,
      ],
    ])('%s', (_name, input, why) => {
      const result = compareBlocks(input, { goal: { op: '<=', value: 5 } });
      expect(result).toMatchObject({ verdict: 'void', why: expect.stringMatching(why), goal: { met: false } });
      expect(JSON.stringify(result)).not.toContain('null');
    });

    it('for fewer blocks than a quick run asks for, but not for as many', () => {
      expect(compareBlocks(even.slice(0, 12), { leastBlocks: 10 }).verdict).toBe('faster');
      expect(compareBlocks(even.slice(0, 9), { leastBlocks: 10 }).verdict).toBe('void');
    });
  });
});

describe('verdictOf', () => {
  const of = (lo: number, estimate: number, hi: number, floor = 1.03) => ({ ratio: { lo, estimate, hi }, floor });
  it.each([
    ['faster', of(1.05, 1.1, 1.2), undefined],
    ['no-difference', of(0.99, 1.1, 1.2), undefined],
    ['no-difference', of(1.01, 1.02, 1.04), undefined],
    ['no-difference', of(1.05, 1.1, 1.2, 1.15), undefined],
    ['slower', of(0.8, 0.9, 0.95), undefined],
    ['no-difference', of(0.8, 0.9, 0.95, 1.15), undefined],
    ['equivalent', of(1.1, 1.2, 1.4), { op: '<=', value: 1.5 }],
    ['faster', of(1.1, 1.4, 1.6), { op: '<=', value: 1.5 }],
    ['slower', of(0.4, 0.5, 0.6), { op: '<=', value: 1.5 }],
    ['no-difference', of(0.9, 1, 1.1), { op: '>=', value: 1 }],
    ['void', of(Number.NaN, 1, 1), undefined],
  ] as const)('says %s', (verdict, { ratio, floor }, goal) => {
    expect(verdictOf(ratio, floor, goal)).toBe(verdict);
  });

  it('has a floor of 3 % at least, and the far bound of the A/A interval beyond', () => {
    expect(noiseFloor()).toBe(1.03);
    expect(noiseFloor({ lo: 0.99, hi: 1.01 })).toBe(1.03);
    expect(noiseFloor({ lo: 0.8, hi: 1.1 })).toBe(1.25);
  });
});
